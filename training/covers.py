#!/usr/bin/env python3
"""Step 4: cut real covers, drains and reflectors out of the training views, as ratios to the road around them.

Reads views.pkl of views.py and covers.json (boxes marked by eye); writes a pickle for compose.py and draw.py:
a list of (ratio, alpha, no mask, no mask, metres per px, length over width as seen).

    python3 covers.py --views views/views.pkl --boxes covers.json --out views/covers.pkl
"""
import argparse
import json
import pickle

import cv2
import numpy as np

from bank import pack, ratio_of


def cut(view, box):
    """The cut-out of a box, or None where the road around it does not show."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    mx, my = int(.35 * w + 6), int(.45 * h + 6)
    X0, Y0, X1, Y1 = max(0, x0 - mx), max(0, y0 - my), min(1280, x1 + mx), min(720, y1 + my)
    core = np.zeros((Y1 - Y0, X1 - X0), np.uint8)
    cv2.ellipse(core, ((x0 + x1) // 2 - X0, (y0 + y1) // 2 - Y0), (w // 2 + 1, h // 2 + 1), 0, 0, 360, 1, -1)
    ratio = ratio_of(view['empty'][Y0:Y1, X0:X1].astype(np.float32), cv2.dilate(core, np.ones((5, 5), np.uint8)) == 0)
    if ratio is None:
        return None
    alpha = np.clip(1 - cv2.distanceTransform(1 - core, cv2.DIST_L2, 3) / (3 + .08 * w), 0, 1)
    zero = np.zeros_like(core)
    return (*pack(ratio, alpha, zero, zero, 1 / (view['k'] * (y1 - view['horizon']))), w / h)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--views', required=True)
    a.add_argument('--boxes', required=True, help='covers.json')
    a.add_argument('--out', required=True)
    a = a.parse_args()
    with open(a.views, 'rb') as f:
        views = {v['name']: v for v in pickle.load(f) if v['split'] == 'train'}
    with open(a.boxes) as f:
        boxes = json.load(f)['pictures']
    out = [c for n, L in boxes.items() for c in (cut(views[n], b) for b in L) if c is not None]
    with open(a.out, 'wb') as f:
        pickle.dump(out, f)
    print(len(out), 'covers')


if __name__ == '__main__':
    main()
