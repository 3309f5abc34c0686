#!/usr/bin/env python3
"""Step 5: what an earlier model takes for road on the real views, so that compose.py leaves undriven road unlabelled. Without it
(the first model of all) compose.py calls everything beside the driven road no road.

    python3 road_maps.py --views views/views.pkl --weights road-damage-2.pt --out views/road.npz
"""
import argparse
import pickle

import cv2
import numpy as np
import torch

from model import RoadNet2


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--views', required=True)
    a.add_argument('--weights', required=True)
    a.add_argument('--out', required=True)
    a = a.parse_args()
    torch.set_num_threads(1)
    net = RoadNet2()
    net.load_state_dict(torch.load(a.weights, map_location='cpu'))
    net.eval()
    out = {}
    with open(a.views, 'rb') as f:
        views = pickle.load(f)
    for v in views:
        x = cv2.resize(v['empty'], (1152, 640), interpolation=cv2.INTER_AREA)
        with torch.no_grad():
            p = torch.sigmoid(net(torch.from_numpy(x.transpose(2, 0, 1).copy())[None].float()))[0, 2].numpy()
        out[v['name']] = cv2.resize((p > .3).astype(np.uint8) * 255, (1280, 720), interpolation=cv2.INTER_LINEAR)
    np.savez_compressed(a.out, **out)


if __name__ == '__main__':
    main()
