#!/usr/bin/env python3
"""Step 9: mine false alarms: where a model takes sound road of the training scenes for damage.

Writes FOLDER/hard.json for every folder: picture -> cells (y, x) of sound, known road with a score of at least --least. train.py
reads it, also while it runs, and crops there more often. Repeat with better weights as often as you like.

    python3 mine.py --weights run/last.pt composites drawings
"""
import argparse
import json
import os

import cv2
import numpy as np
import torch

from model import RoadNet2
from train import maps


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('folders', nargs='+')
    a.add_argument('--weights', required=True)
    a.add_argument('--least', type=float, default=.5)
    a.add_argument('--most', type=int, default=30, help='cells kept per picture')
    a = a.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net = RoadNet2()
    net.load_state_dict(torch.load(a.weights, map_location='cpu'))
    net.eval()
    rng = np.random.default_rng(0)
    for folder in a.folders:
        images, masks = (np.load(os.path.join(folder, n + '.npy'), mmap_mode='r') for n in ('images', 'masks'))
        out, cells = {}, 0
        for i in range(len(images)):
            p = maps(net, cv2.resize(np.ascontiguousarray(images[i]), (1152, 640), interpolation=cv2.INTER_AREA))[:2].max(0)
            m = np.array(masks[i])
            damage = cv2.dilate(m[:2].max(0), np.ones((7, 7), np.uint8)) > 10
            p = cv2.resize(p, m.shape[:0:-1], interpolation=cv2.INTER_LINEAR)
            c = np.argwhere((p > a.least) & ~damage & (m[4] < 60) & (m[2] > 127))
            cells += len(c)
            if len(c) > a.most:
                c = c[rng.choice(len(c), a.most, False)]
            if len(c):
                out[i] = c.tolist()
        with open(os.path.join(folder, 'hard.tmp'), 'w') as f:
            json.dump(out, f)
        os.replace(os.path.join(folder, 'hard.tmp'), os.path.join(folder, 'hard.json'))
        print(folder, len(images), 'pictures,', len(out), 'with alarms,', cells, 'cells', flush=True)


if __name__ == '__main__':
    main()
