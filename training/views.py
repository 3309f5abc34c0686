#!/usr/bin/env python3
"""Step 3: real fixed-camera views: where traffic drives, the ground plane, and vehicles to paste.

Reads beatthetraffic (github.com/move-lab-archive/beatthetraffic): LEVELS/<view>/{average-1280.jpg,firstframe.jpg} and
<view>'s rawdetections.txt (boxes of vehicles over a clip, by the project's own run of a detector, in 1920 x 1080). From the boxes:
  * the driven road: cells that held the lower part of at least three vehicle boxes;
  * the ground plane: the width of cars is a line over the row, w = k (row - horizon), and a car seen obliquely is 2 m wide;
  * vehicles: the first frame where it differs from the empty road, inside boxes.
Writes OUT/views.pkl. Views are split by city, so that no site is in two splits; delhi-level3, which shows real cracks that nothing
else in the validation views does, is validation too.

    python3 views.py --levels static/levels --out views
"""
import argparse
import json
import os
import pickle

import cv2
import numpy as np

TRAIN = ('barcelona', 'buenosaires', 'delhi', 'losangeles', 'moscow', 'newyork', 'portland')
VAL = ('berlin', 'tokyo', 'delhi-level3')
TEST = ('london', 'stuttgart')
CAR = 2.0  # m


def boxes(path):
    """All boxes of a rawdetections.txt: (frame, name, prob, x, y, w, h) in 1280 x 720, x and y the middle."""
    out = []
    with open(path) as f:
        for line in f:
            try:
                d = json.loads(line.strip().rstrip(','))
            except ValueError:
                continue
            out += [(d['frame'], b['name'], b['prob'], *(b[k] / 1.5 for k in 'xywh')) for b in d['detections']]
    return out


def plane(B):
    """(horizon, k) by a robust line through car width over bottom row."""
    b = np.array([t[3:] for t in B if t[1] == 'car' and t[2] > 45 and 8 < t[5] < 267])
    A, w = np.stack([b[:, 1] + b[:, 3] / 2, np.ones(len(b))], 1), b[:, 2]
    W = np.ones(len(b))
    for _ in range(20):
        p = np.linalg.lstsq(A * W[:, None], w * W, rcond=None)[0]
        W = 1 / np.maximum(np.abs(A @ p - w), 2) ** .5
    return float(-p[1] / p[0]), float(p[0] / CAR)


def driven(B, horizon):
    """Driven road, uint8 (360, 640)."""
    n = np.zeros((360, 640), np.int32)
    for _, name, prob, x, y, w, h in B:
        if name not in ('car', 'truck', 'bus') or prob < 40 or h > 1.3 * w or (w > 320 and name == 'car'):
            continue
        x, y, w, h = x / 2, y / 2, w / 2, h / 2
        n[int(max(0, y + .12 * h)):int(min(360, y + .5 * h)), int(max(0, x - .42 * w)):int(max(0, x + .42 * w))] += 1
    m = (n >= 3).astype(np.uint8)
    m = cv2.morphologyEx(cv2.morphologyEx(m, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    m[:max(0, int(horizon / 2) + 10)] = 0
    k, lab, st, _ = cv2.connectedComponentsWithStats(m)
    for j in range(1, k):
        if st[j, 4] < .04 * m.sum():
            m[lab == j] = 0
    k, lab, st, _ = cv2.connectedComponentsWithStats(1 - m)
    for j in range(1, k):  # small islands between the tracks are road, too
        if st[j, 4] < 900:
            m[lab == j] = 1
    return m


def vehicles(B, first, empty):
    """Cut-outs of the first frame: (RGB, mask, x0, y0)."""
    out = []
    diff = cv2.GaussianBlur(np.abs(first.astype(np.float32) - empty).max(2), (0, 0), 1.2)
    for _, name, prob, x, y, w, h in (t for t in B if t[0] == 0):
        if name not in ('car', 'truck', 'bus', 'motorbike', 'bicycle', 'person') or prob < 30 or w < 10:
            continue
        x0, y0, x1, y1 = int(max(0, x - .55 * w)), int(max(0, y - .55 * h)), int(min(1280, x + .55 * w)), int(min(720, y + .58 * h))
        if x1 - x0 < 8 or y1 - y0 < 8:
            continue
        m = cv2.morphologyEx((diff[y0:y1, x0:x1] > 16).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
        m = cv2.morphologyEx(m, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        n, lab, st, _ = cv2.connectedComponentsWithStats(m)
        if n < 2:
            continue
        j = 1 + st[1:, 4].argmax()
        if st[j, 4] < .4 * (x1 - x0) * (y1 - y0):
            continue
        c, _ = cv2.findContours((lab == j).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        m = np.zeros_like(m)
        cv2.drawContours(m, c, -1, 1, -1)
        out.append((first[y0:y1, x0:x1].copy(), m, x0, y0))
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--levels', required=True, help='static/levels of beatthetraffic')
    a.add_argument('--out', required=True)
    a = a.parse_args()
    os.makedirs(a.out, exist_ok=True)
    views = []
    for n in sorted(os.listdir(a.levels)):
        B = boxes(os.path.join(a.levels, n, 'rawdetections.txt'))
        empty, first = (cv2.cvtColor(cv2.imread(os.path.join(a.levels, n, f)), cv2.COLOR_BGR2RGB) for f in ('average-1280.jpg', 'firstframe.jpg'))
        first = cv2.resize(first, (1280, 720), interpolation=cv2.INTER_AREA)
        city = n.split('-')[0]
        hor, k = plane(B)
        v = {'name': n, 'split': 'val' if city in VAL or n in VAL else 'train' if city in TRAIN else 'test', 'empty': empty, 'first': first,
             'horizon': hor, 'k': k, 'driven': driven(B, hor), 'vehicles': vehicles(B, first, empty),
             'boxes': [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for f, _, prob, x, y, w, h in B if f == 0 and prob >= 20]}
        views.append(v)
        print(n, v['split'], 'horizon %.0f camera %.1f m' % (hor, 1 / k), 'driven %.2f' % v['driven'].mean(), len(v['vehicles']), 'vehicles', flush=True)
    with open(os.path.join(a.out, 'views.pkl'), 'wb') as f:
        pickle.dump(views, f)


if __name__ == '__main__':
    main()
