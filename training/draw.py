#!/usr/bin/env python3
"""Step 7: drawn fixed-camera views at 1280 x 720, with the damage and innocent things of paint.py.

Geometry, surroundings and markings come from scenery.py; what is on the road is painted like in compose.py, at real size.
Same output as compose.py.

    python3 draw.py --bank bank/bank_train.pkl --count 300 --out drawings
"""
import argparse
import json
import os
import pickle
from multiprocessing import Pool

import cv2
import numpy as np

import paint
from scenery import H, W, Scene, markings, objects, surroundings

BANK = None


def vehicles(S):
    """Box-shaped vehicles with windows and wheels on the road."""
    rng, img = S.rng, S.img
    for _ in range(int(rng.integers(1, 6)) if rng.random() < .45 else 0):
        c = S.spot()
        w, l, h = rng.uniform(1.6, 2.5), rng.uniform(3.5, 9), rng.uniform(1.35, 3.3)
        col = rng.uniform(15, 240) * np.float32([1, 1, 1]) + rng.normal(0, 35, 3) * (rng.random() < .5)
        sh = paint.poly(S, c + np.array([[-w * .65, -l * .55], [w * .8, -l * .55], [w * .8, l * .55], [-w * .65, l * .55]]), 2)
        base = c + np.array([[-w, -l], [w, -l], [w, l], [-w, l]]) / 2
        lo, d = S.P(base, .2)
        mid, _ = S.P(base, h * .55)
        top = c + np.array([[-w, -l * .55], [w, -l * .55], [w, l * .6], [-w, l * .6]]) / 2 * [.86, 1]
        hi, _ = S.P(top, h)
        if d.min() < 2 or sh is None:
            continue
        img[sh[1]] *= (1 - rng.uniform(.3, .65) * sh[0])[..., None]
        hit = np.zeros((H, W), np.uint8)
        I = lambda q: np.round(q).astype(np.int32)
        for a, b2, k in ((lo, mid, 1), (mid, hi, .45)):
            for (i, j), s in (((2, 3), .8), ((1, 2), .65), ((3, 0), .65), ((0, 1), .9)):
                q = I(np.stack([a[i], a[j], b2[j], b2[i]]))
                cv2.fillConvexPoly(img, q, np.clip(col * s * k, 0, 255).tolist(), cv2.LINE_AA)
                cv2.fillConvexPoly(hit, q, 1)
        cv2.fillConvexPoly(img, I(hi), np.clip(col, 0, 255).tolist(), cv2.LINE_AA)
        cv2.fillConvexPoly(hit, I(hi), 1)
        for s in (-.35, .35):  # lamps
            q, _ = S.P(np.array([c + [s * w, -l / 2]]), h * .35)
            r = max(1, int(.1 * S.f / d[0]))
            cv2.circle(img, tuple(map(int, q[0])), r, (220, 60, 50) if rng.random() < .5 else (240, 240, 220), -1, cv2.LINE_AA)
        S.vehicle |= hit * 255


def picture(seed):
    """(number, picture, planes, info)."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    while True:
        S = Scene(rng)
        if len(S.seen) > 300 and S.road.mean() > .12:
            break
    img = surroundings(S)
    asphalt = S.road | S.second
    tone, tint = rng.uniform(45, 175), 1 + rng.normal(0, .03, 3)
    r = np.full((H, W), tone, np.float32)
    r += (S.noise(5, rng.uniform(15, 60)) * rng.uniform(1, 9) + S.noise(3, rng.uniform(3, 12)) * rng.uniform(0, 8) + S.noise(0, rng.uniform(3, 10)) * rng.uniform(1, 13)) * tone / 110
    for k in range(S.lanes if rng.random() < .7 else 0):
        for o in (-.8, .8):
            r *= 1 + rng.uniform(-.15, .08) * np.exp(-((S.s - (k - (S.lanes - 1) / 2) * S.lw - o) / rng.uniform(.2, .5)) ** 2)
        if rng.random() < .3:
            r *= 1 + rng.uniform(-.12, .12) * (np.abs(S.s - (k - (S.lanes - 1) / 2) * S.lw) < S.lw / 2)
    img = np.where(asphalt[..., None], r[..., None] * tint, img).astype(np.float32)
    if rng.random() < .5:
        img[(np.abs(np.abs(S.s) - S.half - .12) < .12) & S.ground] = rng.uniform(110, 200)
    S.img = np.ascontiguousarray(np.clip(img, 1, 255))
    hurt = rng.random() < .6
    paint.innocent(S, BANK, 1 if hurt else 1.4)
    first = rng.random() < .5
    if first:
        markings(S, S.img)
    if hurt:
        paint.damage(S, BANK, 1.2)
    if not first:
        markings(S, S.img)
    if rng.random() < .45:
        for _ in range(int(rng.integers(1, 3))):
            paint.cast(S)
    S.img = np.ascontiguousarray(np.clip(S.img, 0, 255))
    hide = objects(S, S.img) if rng.random() < .25 else np.zeros((H, W), bool)
    S.ignore |= cv2.dilate(hide.astype(np.uint8), np.ones((5, 5), np.uint8)) * 255  # rails, poles and vehicles without a label
    vehicles(S)
    S.ignore &= ~S.vehicle
    S.ignore[S.stand > 0] = 0
    hide = hide | (S.cover & ~S.road) | (S.vehicle > 0) | (S.stand > 0)
    img = S.img
    haze = np.clip(1 - np.exp(-np.hypot(S.X, S.Z) / rng.uniform(150, 3000)), 0, 1) * S.ground
    img = img * (1 - haze[..., None]) + haze[..., None] * rng.uniform(150, 220)
    img = img + (rng.uniform(-25, 25) * np.linspace(-1, 1, W)[None, :, None] + rng.uniform(-20, 20) * np.linspace(-1, 1, H)[:, None, None])
    if rng.random() < .7:  # a lens, and a camera's own smoothing
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(.5, 1.2))
    S.img = img
    if rng.random() < .2:
        paint.text(S)
    if rng.random() < .5:
        img = S.img + rng.normal(0, rng.uniform(1, 7), S.img.shape).astype(np.float32)
    road = asphalt & ~hide
    S.crack[S.hole > 0] = 0
    cells = lambda p: cv2.resize(p, (W // 4, H // 4), interpolation=cv2.INTER_AREA)
    y = np.stack([cells(np.where(road, m, 0).astype(np.uint8)) for m in (S.crack, S.hole, np.full((H, W), 255, np.uint8))] + [cells(S.vehicle), cells(S.ignore)])
    return seed[1], np.clip(img, 0, 255).astype(np.uint8), y, {'view': 'drawn', 'objects': S.objects}


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--bank', required=True, help='bank_train.pkl of bank.py')
    a.add_argument('--covers', help='covers.pkl of covers.py')
    a.add_argument('--out', required=True)
    a.add_argument('--count', type=int, default=700)
    a.add_argument('--jobs', type=int, default=2)
    a.add_argument('--seed', type=int, default=3)
    a = a.parse_args()
    global BANK
    with open(a.bank, 'rb') as f:
        BANK = pickle.load(f)
    if a.covers:
        with open(a.covers, 'rb') as f:
            BANK['cover'] = pickle.load(f)
    os.makedirs(a.out, exist_ok=True)
    n = a.count
    images = np.lib.format.open_memmap(os.path.join(a.out, 'images.npy'), 'w+', np.uint8, (n, H, W, 3))
    masks = np.lib.format.open_memmap(os.path.join(a.out, 'masks.npy'), 'w+', np.uint8, (n, 5, H // 4, W // 4))
    info = [None] * n
    with Pool(a.jobs) as pool:
        for i, img, m, d in pool.imap_unordered(picture, [(a.seed, k) for k in range(n)], chunksize=2):
            images[i], masks[i], info[i] = img, m, d
            if i % 100 == 0:
                print(i, flush=True)
    with open(os.path.join(a.out, 'index.json'), 'w') as f:
        json.dump({'split': ['train'] * n, 'info': info}, f, default=float)


if __name__ == '__main__':
    main()
