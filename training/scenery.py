"""Drawn fixed-camera views: a camera over a road plane, its surroundings, markings, and things that stand in front of it.

The camera is 4-14 m high, with random tilt, yaw and lanes. draw.py paints asphalt and damage on it.
"""
import cv2
import numpy as np

import paint

W, H = 1280, 720


class Scene:
    """Camera, road and the picture under construction."""

    def __init__(self, rng):
        self.rng = rng
        self.h, self.f = rng.uniform(4, 14), rng.uniform(.6, 1.6) * W
        hor = rng.uniform(-.35, .42) * H
        pitch, yaw, roll = np.arctan((H / 2 - hor) / self.f), np.radians(np.clip(rng.normal(0, 13), -38, 38)), np.radians(rng.normal(0, 1.5))
        self.fy = self.f * rng.uniform(.95, 1.2)
        cp, sp, cy, sy, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(yaw), np.sin(yaw), np.cos(roll), np.sin(roll)
        self.R = (np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]) @ np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
                  @ np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]]))
        v, u = np.mgrid[0:H, 0:W].astype(np.float32)
        d = np.stack([(u - W / 2) / self.f, (v - H / 2) / self.fy, np.ones_like(u)], -1) @ self.R.T.astype(np.float32)
        self.ground = d[..., 1] > 1e-3
        t = self.h / np.maximum(d[..., 1], 1e-3)
        self.X, self.Z = np.clip(d[..., 0] * t, -600, 600), np.clip(d[..., 2] * t, -600, 600)
        self.foot = np.clip(t * t / (self.f * self.h), 1e-4, 20) * 1.0  # metres of road per pixel, along the view
        self.lanes, self.lw = int(rng.integers(1, 7)), rng.uniform(2.8, 3.8)
        self.half = self.lanes * self.lw / 2 + rng.uniform(.1, 1.8)
        self.bend = rng.normal(0, .0012) if rng.random() < .5 else 0.
        mid = self.Z[int(H * .75), W // 2], self.X[int(H * .75), W // 2]  # the road passes below the view's middle
        self.off = mid[1] - self.bend * mid[0] ** 2 / 2 + rng.normal(0, .35) * self.half
        self.s = self.X - self.off - self.bend * self.Z ** 2 / 2
        self.road = self.ground & (np.abs(self.s) < self.half) & (self.Z > -50)
        ys, xs = np.where(self.road[H // 3:][::8, ::8])
        self.seen = np.stack([self.s[H // 3:][::8, ::8][ys, xs], self.Z[H // 3:][::8, ::8][ys, xs]], 1)
        keep = np.hypot(self.seen[:, 0], self.seen[:, 1]) < 110
        self.seen = self.seen[keep] if keep.any() else np.zeros((0, 2))
        self.along = np.pi / 2
        self.crack, self.hole, self.ignore, self.vehicle, self.stand = (np.zeros((H, W), np.uint8) for _ in range(5))
        self.objects = []

    def P(self, sz, y=0.):
        """Road coordinates (s, z) at height y -> pixels, depth."""
        sz = np.asarray(sz, float)
        w = np.stack([sz[:, 0] + self.off + self.bend * sz[:, 1] ** 2 / 2, np.full(len(sz), self.h - y), sz[:, 1]], 1) @ self.R
        d = np.maximum(w[:, 2], .5)
        return np.clip(np.stack([w[:, 0] / d * self.f + W / 2, w[:, 1] / d * self.fy + H / 2], 1), -6000, 6000), w[:, 2]

    def poly(self, sz, blur=0.):
        """Alpha of a road polygon and its box (or None)."""
        return paint.poly(self, sz, blur)

    def noise(self, k, metres, box=None):
        """Tile k laid on the ground with a period of `metres`, faded where it is finer than a pixel."""
        b = box or (slice(None), slice(None))
        n = 512 / metres
        o = self.rng.uniform(0, 512, 2)
        z = cv2.remap(paint.tiles()[k], np.float32((self.X[b] * n + o[0]) % 512), np.float32((self.Z[b] * n + o[1]) % 512), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return z * np.clip(8 / (self.foot[b] * n), 0, 1)

    def spot(self):
        """A point of the road that is seen."""
        return self.seen[self.rng.integers(len(self.seen))]

    def depth(self, c):
        """Distance of a point of the road."""
        return float(max(1., self.P(np.asarray(c, float)[None])[1][0]))


def markings(S, img):
    rng = S.rng
    if rng.random() < .12:
        return
    n, wear, tone = S.lanes, rng.uniform(.3, 1), np.float32([rng.uniform(170, 240)] * 3)
    wide, on, off = rng.uniform(.08, .2), rng.uniform(1.5, 6), rng.uniform(2, 9)
    a = np.zeros((H, W), np.float32)
    for k in range(n + 1):
        s = (k - n / 2) * S.lw
        soft = np.maximum(S.foot * .15, .01)
        m = np.clip((wide / 2 - np.abs(S.s - s)) / np.minimum(soft, wide) + .5, 0, 1) * np.clip(wide / soft, 0, 1)
        if k == n // 2 and n > 1 and rng.random() < .35:
            m = np.clip((wide / 2 - np.abs(np.abs(S.s - s) - wide)) / np.minimum(soft, wide) + .5, 0, 1)
        elif 0 < k < n:
            m = m * ((S.Z % (on + off)) < on)
        if 0 < k < n or rng.random() < .85:
            a = np.maximum(a, m)
    if rng.random() < .25:  # crossing or stop line
        z = S.spot()[1]
        if rng.random() < .5:
            a = np.maximum(a, ((np.abs(S.Z - z) < 1.8) & (S.s % 1 < .5)).astype(np.float32))
        else:
            a = np.maximum(a, (np.abs(S.Z - z) < .25).astype(np.float32))
    a = a * S.road * wear * np.clip(1 + S.noise(2, 6) * (1 - wear) * .8, 0, 1.2)
    if rng.random() < .2:
        tone = np.float32([230, 190, 70])
    img[:] = img * (1 - np.clip(a, 0, 1)[..., None]) + np.clip(a, 0, 1)[..., None] * tone


def surroundings(S):
    """Sky, skyline, verge."""
    rng = S.rng
    g = rng.random()
    base = np.float32([72, 98, 52]) * rng.uniform(.6, 1.4) if g < .55 else np.float32([140, 120, 90]) * rng.uniform(.6, 1.2) if g < .75 else np.float32([1, 1, .97]) * rng.uniform(90, 190)
    img = np.zeros((H, W, 3), np.float32) + base * (1 + rng.normal(0, .06, 3).astype(np.float32))
    img += (S.noise(2, 6) * rng.uniform(3, 18) + S.noise(4, 30) * rng.uniform(3, 16))[..., None]
    if rng.random() < .4:  # pavement beside the road
        w = rng.uniform(1, 4)
        m = (np.abs(S.s) < S.half + w)
        img[m] = rng.uniform(90, 190)
        img += (S.noise(1, 5) * rng.uniform(2, 9) * m)[..., None]
    if rng.random() < .3:  # second carriageway: road, too
        c, w = rng.choice([-1, 1]) * (S.half * 2 + rng.uniform(1, 6)), S.half * rng.uniform(.6, 1)
        S.second = S.ground & (np.abs(S.s - c) < w)
    else:
        S.second = np.zeros((H, W), bool)
    yy = np.linspace(0, 1, H, dtype=np.float32)[:, None, None]
    sky = np.float32([rng.uniform(110, 235)] * 3) + np.float32([-20, 0, 25]) * rng.uniform(0, 1.2) + yy * rng.uniform(-40, 60)
    sky = np.broadcast_to(sky, (H, W, 3)).copy()
    c = cv2.resize(rng.normal(size=(6, 10)).astype(np.float32), (W, H), interpolation=cv2.INTER_CUBIC)
    sky += (np.clip(c, 0, 2) * rng.uniform(0, 25))[..., None]
    hr = np.where(S.ground.any(0), S.ground.argmax(0), H)
    top = int(np.median(hr))
    far = S.ground & (np.hypot(S.X, S.Z) > rng.uniform(90, 400))
    img = np.where((S.ground & ~far)[..., None] | (S.ground & S.road)[..., None], img, sky)
    lab = np.zeros((H, W), bool)
    if top > 8:
        x = -20
        low = top + int(rng.uniform(0, .06) * H)
        while x < W and rng.random() < .97:
            w, h, col = int(rng.integers(25, 260)), int(rng.uniform(.02, .35) * H), rng.uniform(40, 215) * (1 + rng.normal(0, .08, 3))
            if rng.random() < .6:
                y0 = max(0, low - h)
                cv2.rectangle(img, (x, y0), (x + w, low), col.tolist(), -1)
                cv2.rectangle(lab.view(np.uint8), (x, y0), (x + w, low), 1, -1)
                st, sz = int(rng.integers(8, 26)), rng.uniform(.3, .7)
                for wy in range(y0 + 4, low - 4, st):
                    for wx in range(x + 4, min(x + w, W) - 4, st):
                        if wx > 0:
                            cv2.rectangle(img, (wx, wy), (wx + int(st * sz), wy + int(st * sz)), (col * rng.choice([.5, .7, 1.3])).tolist(), -1)
            x += w + int(rng.integers(0, 40))
        if rng.random() < .7:  # trees
            n = cv2.resize(paint.tiles()[4][:64, :256], (W, H))
            hh = rng.uniform(.01, .16) * H
            edge = low - hh * (1 + .5 * n[:1] + .3 * cv2.resize(paint.tiles()[2][:1, :200], (W, 1)))
            rows = np.arange(H)[:, None]
            m = (rows > edge) & (rows < low + 4)
            img[m] = (np.float32([60, 82, 48]) * rng.uniform(.5, 1.2) + n[..., None] * 16 + cv2.resize(paint.tiles()[1], (W, H))[..., None] * 10)[m]
            lab |= m
    S.cover = lab
    return img


def objects(S, img):
    """Guard rails, poles and vehicles in front of the road; what they hide has no label."""
    rng = S.rng
    hide = np.zeros((H, W), np.uint8)
    if rng.random() < .35:
        s = rng.choice([-1, 1]) * (S.half + rng.uniform(.2, 1))
        z = np.linspace(3, 120, 60)
        a, da = S.P(np.stack([z * 0 + s, z], 1), .45)
        b, _ = S.P(np.stack([z * 0 + s, z], 1), .8)
        for i in range(59):
            if da[i] > 1:
                q = np.round(np.stack([a[i], a[i + 1], b[i + 1], b[i]])).astype(np.int32)
                cv2.fillConvexPoly(img, q, (rng.uniform(140, 190),) * 3)
                cv2.fillConvexPoly(hide, q, 1)
    for _ in range(rng.integers(1, 7) if rng.random() < .3 else 0):
        c = S.spot()
        w, l, h, col = rng.uniform(1.7, 2.5), rng.uniform(4, 9), rng.uniform(1.4, 3.2), rng.uniform(20, 235) * np.float32([1, 1, 1]) + rng.normal(0, 30, 3)
        sh = S.poly(c + np.array([[-w * .6, -l * .55], [w, -l * .55], [w, l * .55], [-w * .6, l * .55]]), 1.5)
        if sh is None:
            continue
        img[sh[1]] *= (1 - .5 * sh[0])[..., None]
        base = c + np.array([[-w, -l], [w, -l], [w, l], [-w, l]]) / 2
        lo, d = S.P(base, .15)
        hi, _ = S.P(base, h)
        if d.min() < 2:
            continue
        for (i, j), k in (((2, 3), .8), ((1, 2), .65), ((3, 0), .65), ((0, 1), .9)):
            q = np.round(np.stack([lo[i], lo[j], hi[j], hi[i]])).astype(np.int32)
            cv2.fillConvexPoly(img, q, np.clip(col * k, 0, 255).tolist(), cv2.LINE_AA)
            cv2.fillConvexPoly(hide, q, 1)
        cv2.fillConvexPoly(img, np.round(hi).astype(np.int32), np.clip(col, 0, 255).tolist(), cv2.LINE_AA)
        cv2.fillConvexPoly(hide, np.round(hi).astype(np.int32), 1)
    for _ in range(rng.integers(1, 4) if rng.random() < .3 else 0):
        x, w = int(rng.uniform(0, W)), int(rng.integers(2, 9))
        y1 = int(rng.uniform(.3, 1) * H)
        cv2.rectangle(img, (x, 0), (x + w, y1), (rng.uniform(30, 180),) * 3, -1)
        cv2.rectangle(hide, (x, 0), (x + w, y1), 1, -1)
    return hide > 0
