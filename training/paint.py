"""What compose.py and draw.py paint on a road: damage, and innocent things that look like it.

A scene `S` knows the ground plane: S.P(points in metres) -> pixels and depth; S.X, S.Z metres of each pixel; S.foot metres of
road per pixel along the view; S.road bool; S.f px; S.spot() a point of the road in metres; S.along the road's direction.
All painting multiplies the float picture S.img, so that it follows the light. What is painted and can be seen becomes a label
(S.crack, S.hole), what is painted but cannot be seen becomes S.ignore. S.objects lists the damages.
"""
import cv2
import numpy as np

LEAST = 6.0  # grey values that a damage has to change to be labelled


def tile(rng, power, n=512):
    """Periodic noise with spectrum 1/f**power, unit variance."""
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n)))
    f[0, 0] = 1
    z = np.fft.ifft2(np.fft.fft2(rng.normal(size=(n, n))) / f ** power).real
    return ((z - z.mean()) / z.std()).astype(np.float32)


TILES = []


def tiles():
    if not TILES:
        rng = np.random.default_rng(0)
        TILES.extend(tile(rng, p) for p in (0, .3, .6, .9, 1.2, 1.5))
    return TILES


def noise(S, k, metres, box):
    """Tile k laid on the ground with a period of `metres`, faded where it is finer than a pixel."""
    n = 512 / metres
    o = S.rng.uniform(0, 512, 2)
    z = cv2.remap(tiles()[k], np.float32((S.X[box] * n + o[0]) % 512), np.float32((S.Z[box] * n + o[1]) % 512), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return z * np.clip(8 / (S.foot[box] * n), 0, 1)


def poly(S, pts, blur=0.):
    """Alpha of a ground polygon and its box, or None."""
    q, d = S.P(pts)
    if d.min() < 1:
        return None
    g = int(3 * blur + 3)
    H, W = S.road.shape
    x0, y0 = np.maximum(q.min(0).astype(int) - g, 0)
    x1, y1 = np.minimum(q.max(0).astype(int) + g + 1, (W, H))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    m = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillPoly(m, [np.round((q - [x0, y0]) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    if blur > .3:
        m = cv2.GaussianBlur(m, (0, 0), blur)
    b = (slice(y0, y1), slice(x0, x1))
    return m.astype(np.float32) / 255 * S.road[b], b


def blob(rng, c, a, b, n=36, rough=.16, turn=None):
    """Irregular closed outline around c with radii a (across) and b (along), metres."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    r = 1 + rng.normal(0, rough * .4, n)
    for k in range(2, 7):
        r += rough / k * 1.6 * np.cos(k * t + rng.uniform(0, 6.3))
    u = rng.uniform(0, 3.14) if turn is None else turn
    p = np.stack([a * np.maximum(r, .25) * np.cos(t), b * np.maximum(r, .25) * np.sin(t)], 1)
    return p @ np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]]) + c


def walk(rng, p, ang, length, wob, step=.08):
    out = [p]
    back = ang
    for _ in range(max(2, int(length / step))):
        ang += rng.normal(0, wob) + .06 * (back - ang)
        p = p + step * np.array([np.cos(ang), np.sin(ang)])
        out.append(p)
    return np.array(out)


def lines(S, polylines, width, widths=None):
    """Coverage 0..1 (uint8 full size) of ground polylines of a width in metres, thinner than a pixel where they are."""
    H, W = S.road.shape
    m = np.zeros((H, W), np.uint8)
    for k, pts in enumerate(polylines):
        q, d = S.P(pts)
        ok = (d > 1) & (q[:, 0] > -60) & (q[:, 0] < W + 60) & (q[:, 1] > -60) & (q[:, 1] < H + 60)
        w0 = width if widths is None else widths[k]
        Q = np.round(q * 16).astype(int)
        for i in range(len(q) - 1):
            if ok[i] and ok[i + 1]:
                w = w0 * S.f / d[i]
                cv2.line(m, tuple(map(int, Q[i])), tuple(map(int, Q[i + 1])), int(255 * min(1, w)), max(1, int(round(w))), cv2.LINE_AA, 4)
    return m


def bounds(m, pad=4):
    x, y, w, h = cv2.boundingRect(m)
    if not w or not h:
        return None
    H, W = m.shape
    return slice(max(0, y - pad), min(H, y + h + pad)), slice(max(0, x - pad), min(W, x + w + pad))


def register(S, b, before, core, kind, thick, size, z, name):
    """Turn what was painted in box b into a label where it can be seen. core: bool, what would be labelled."""
    delta = np.abs(S.img[b] - before).mean(2)
    core = core & S.road[b]
    if not core.any():
        return
    if kind == 'pothole':
        seen = delta[core].mean() >= LEAST and core.sum() >= 10 and delta[core].max() > 2 * LEAST
        if seen:
            S.hole[b] |= core.astype(np.uint8) * 255
            S.crack[b] &= ~(core.astype(np.uint8) * 255)
        else:
            S.ignore[b] |= cv2.dilate(core.astype(np.uint8), np.ones((5, 5), np.uint8)) * 255
    else:
        hot = cv2.GaussianBlur(delta, (0, 0), .7) > LEAST * .75
        lab = cv2.dilate((core & hot).astype(np.uint8), np.ones((thick, thick), np.uint8))
        seen = lab.sum() >= 25
        S.crack[b] |= lab * 255
        S.ignore[b] |= (cv2.dilate(core.astype(np.uint8), np.ones((7, 7), np.uint8)) & ~lab & 1) * 255
    ys, xs = np.where(core)
    S.objects.append({'kind': kind, 'name': name, 'box': [int(xs.min()) + b[1].start, int(ys.min()) + b[0].start, int(xs.max()) + 1 + b[1].start, int(ys.max()) + 1 + b[0].start],
                      'z': round(float(z), 1), 'size': round(float(size), 2), 'px': int(core.sum()), 'seen': bool(seen), 'delta': round(float(delta[core].mean()), 1)})


def crack(S, polylines, width, factor, name, label=True):
    """Paint cracks as one damage."""
    m = lines(S, polylines, width)
    b = bounds(m)
    if b is None:
        return
    before = S.img[b].copy()
    a = m[b].astype(np.float32) / 255 * S.road[b] * np.clip(1 + .35 * noise(S, 2, 8, b), .2, 1.3)
    S.img[b] *= 1 - (np.clip(a, 0, 1) * (1 - factor))[..., None]
    p = polylines[0]
    c = p[len(p) // 2]
    if label:
        register(S, b, before, m[b] > 50, 'crack', 3, np.hypot(*(p[-1] - p[0])), S.depth(c), name)


def thin_crack(S):
    rng = S.rng
    p, ang = S.spot(), S.along + (0 if rng.random() < .5 else np.pi / 2) + rng.normal(0, .3)
    w = float(np.exp(rng.uniform(np.log(.008), np.log(.05))))
    L = [walk(rng, p, ang, rng.uniform(1, 9), rng.uniform(.1, .45))]
    while rng.random() < .5 and len(L) < 5:
        q = L[0][rng.integers(len(L[0]))]
        L.append(walk(rng, q, ang + rng.choice([-1, 1]) * rng.uniform(.3, 1.4), rng.uniform(.4, 3), .35))
    crack(S, L, w, rng.uniform(.3, .75), 'crack')


def long_crack(S):
    """A crack along or across several metres of the road, often broken off and resumed, often with lighter, spalled edges."""
    rng = S.rng
    ang = S.along + (0 if rng.random() < .7 else np.pi / 2) + rng.normal(0, .15)
    p = walk(rng, S.spot(), ang, rng.uniform(6, 25), rng.uniform(.08, .3), .12)
    n = int(rng.integers(1, 6))
    L = [q[:max(2, int(len(q) * rng.uniform(.6, 1)))] for q in np.array_split(p, n) if len(q) > 3]
    if not L:
        return
    for q in list(L):
        if rng.random() < .4:
            L.append(walk(rng, q[rng.integers(len(q))], ang + rng.choice([-1, 1]) * rng.uniform(.3, 1.2), rng.uniform(.4, 2), .35))
    w = float(np.exp(rng.uniform(np.log(.012), np.log(.06))))
    if rng.random() < .3:
        m = cv2.GaussianBlur(lines(S, L, w * rng.uniform(3, 8)), (0, 0), rng.uniform(.6, 2))
        b = bounds((m > 3).astype(np.uint8))
        if b is not None:
            a = m[b].astype(np.float32) / 255 * S.road[b] * np.clip(.7 + .6 * noise(S, 2, 6, b), 0, 1.5)
            S.img[b] = np.clip(S.img[b] * (1 + (a * rng.uniform(.05, .35))[..., None]), 0, 255)
    crack(S, L, w, rng.uniform(.3, .7), 'long crack')


def net(S, c=None, scale=1.):
    """Alligator cracks: a jittered brick pattern inside an ellipse."""
    rng = S.rng
    c = S.spot() if c is None else c
    g, w = rng.uniform(.12, .45), float(np.exp(rng.uniform(np.log(.008), np.log(.035))))
    a, b = rng.uniform(.4, 1.4) * scale, rng.uniform(.6, 3.2) * scale
    nx, nz = int(2 * a / g) + 2, int(2 * b / g) + 2
    G = np.stack(np.meshgrid(np.linspace(-a, a, nx), np.linspace(-b, b, nz)), -1) + rng.normal(0, g * .28, (nz, nx, 2))
    G[1::2, :, 0] += g / 2
    ok = (G[..., 0] / a) ** 2 + (G[..., 1] / b) ** 2 < rng.uniform(.7, 1.1) + .25 * rng.normal(size=(nz, nx))
    u = S.along - np.pi / 2
    R = np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]])
    L = []
    for i in range(nz):
        for j in range(nx):
            for k, l in ((i, j + 1), (i + 1, j)):
                if k < nz and l < nx and ok[i, j] and ok[k, l] and rng.random() < .82:
                    L.append(np.stack([G[i, j], (G[i, j] + G[k, l]) / 2 + rng.normal(0, g * .09, 2), G[k, l]]) @ R + c)
    if len(L) < 4:
        return
    m = lines(S, L, w)
    bx = bounds(m)
    if bx is None:
        return
    before = S.img[bx].copy()
    al = m[bx].astype(np.float32) / 255 * S.road[bx] * np.clip(1 + .4 * noise(S, 3, 6, bx), .1, 1.4)
    S.img[bx] *= 1 - (np.clip(al, 0, 1) * (1 - rng.uniform(.3, .7)))[..., None]
    if rng.random() < .4:  # the surface between the cracks is darker, too
        core = cv2.morphologyEx(m[bx], cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        S.img[bx] *= 1 - (cv2.GaussianBlur(core, (0, 0), 3).astype(np.float32) / 255 * S.road[bx] * rng.uniform(.03, .15))[..., None]
    d = S.depth(c)
    dense = g * S.f / d < 9  # too fine to be told apart: the whole net is the label
    core = cv2.morphologyEx(m[bx], cv2.MORPH_CLOSE, np.ones((7, 9), np.uint8)) > 50 if dense else m[bx] > 50
    register(S, bx, before, core, 'crack', 3, 2 * max(a, b), d, 'net')


def pothole(S):
    """A drawn pothole: a hole with a dark or lit wall, gravel, soil or water."""
    rng = S.rng
    c = S.spot()
    a = float(np.exp(rng.uniform(np.log(.12), np.log(.65))))  # radius
    bb = a * rng.uniform(.6, 1.6)
    o = blob(rng, c, a, bb, rough=rng.uniform(.1, .4))
    d = S.depth(c)
    px = S.f * a / d
    r = poly(S, o, min(px * rng.uniform(.01, .06), 4) + .35)
    if r is None or r[0].sum() < 5:
        return
    if rng.random() < .3:
        net(S, c + rng.normal(0, .3, 2), rng.uniform(.6, 1.3))
    m, b = r
    before = S.img[b].copy()
    u, road = rng.random(), S.img[b][m > .3].mean(0) if (m > .3).any() else S.img[b].mean((0, 1))
    rim = np.clip(cv2.GaussianBlur(cv2.dilate(m, np.ones((3, 3))), (0, 0), min(max(.6, px * .1), 6)) - m, 0, 1)
    if rng.random() < .6:  # broken edge, lighter or darker
        S.img[b] *= 1 + (rim * rng.uniform(-.18, .25) * np.clip(1 + noise(S, 2, 5, b), 0, 2))[..., None]
    if u < .72:
        S.img[b] *= 1 - (m * np.clip(rng.uniform(.22, .62) + noise(S, 1, rng.uniform(2, 5), b) * rng.uniform(.03, .16), 0, .85))[..., None]
        w = rng.uniform(.06, .35) * a
        for side, f in ((-1, rng.uniform(-.4, .25)), (1, rng.uniform(-.35, .5))):  # near and far wall
            k = poly(S, o + np.array([rng.normal(0, .5) * w, side * w]), .5)
            if k is not None:
                kk = np.zeros(S.road.shape, np.float32)
                kk[k[1]] = k[0]
                S.img[b] *= 1 + (np.clip(m - kk[b], 0, 1) * f)[..., None]
    elif u < .88:  # gravel or soil
        tone = 1 + rng.uniform(-.4, .1) + np.float32([.05, .01, -.06]) * rng.uniform(-.3, 1.6)
        S.img[b] = S.img[b] * (1 - m[..., None]) + m[..., None] * road * tone * (1 + noise(S, 0, rng.uniform(3, 9), b) * rng.uniform(.08, .28))[..., None]
        S.img[b] *= 1 - (rim * rng.uniform(0, .4))[..., None]
    else:  # water
        tone = np.float32(rng.uniform(.45, 1.5)) * (1 + np.float32([-.05, 0, .08]) * rng.uniform(0, 1))
        S.img[b] = S.img[b] * (1 - m[..., None]) + m[..., None] * road * tone * (1 + .04 * noise(S, 4, 20, b))[..., None]
        S.img[b] *= 1 - (rim * rng.uniform(.1, .5))[..., None]
    S.img[b] = np.clip(S.img[b], 0, 255)
    register(S, b, before, m > .5, 'pothole', 1, 2 * a, d, 'drawn pothole')


def cut_out(S, bank, kind):
    """A cut-out of bank.py, laid on the ground: pothole, crack, or sound road (no label)."""
    rng = S.rng
    L = bank[kind]
    if not L:
        return
    ratio, alpha, hole, cr, mpp, *tall = L[rng.integers(len(L))]
    h, w = alpha.shape
    c = S.spot()
    wd = w * mpp * rng.uniform(.7, 1.35)
    if kind == 'pothole':  # the hole itself measures 0.25-1.6 m
        hw = np.ptp(np.where(hole)[1]) * wd / w
        wd *= np.clip(hw, .25, 1.5) / max(hw, 1e-3)
    ln = wd * h / w * (tall[0] * rng.uniform(.9, 1.1) if tall else rng.uniform(1.7, 3))
    t = (rng.uniform(0, 2 * np.pi) if kind == 'pothole' else (0 if rng.random() < .8 else np.pi / 2) + rng.normal(0, .15)) + S.along - np.pi / 2
    R = np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])
    fl = rng.choice([-1, 1])
    q, d = S.P(np.array([[-wd * fl, ln], [wd * fl, ln], [wd * fl, -ln], [-wd * fl, -ln]]) / 2 @ R + c)
    if d.min() < 1.5:
        return
    H, W = S.road.shape
    x0, y0 = np.maximum(np.floor(q.min(0)).astype(int) - 2, 0)
    x1, y1 = np.minimum(np.ceil(q.max(0)).astype(int) + 3, (W, H))
    if x1 - x0 < 4 or y1 - y0 < 3 or (x1 - x0) * (y1 - y0) > 500000:
        return
    b = (slice(y0, y1), slice(x0, x1))
    shrink = np.hypot(*(q[1] - q[0])) / w, np.hypot(*(q[3] - q[0])) / h
    src = ratio.astype(np.float32) / 100
    if min(shrink) < .7:  # against aliasing
        src = cv2.GaussianBlur(src, (0, 0), sigmaX=max(.01, .4 / min(shrink[0], 1) - .3), sigmaY=max(.01, .4 / min(shrink[1], 1) - .3))
    T = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), np.float32(q - [x0, y0]))
    sz = (int(x1 - x0), int(y1 - y0))
    r = cv2.warpPerspective(src, T, sz, flags=cv2.INTER_LINEAR, borderValue=(1, 1, 1))
    al = cv2.warpPerspective(alpha, T, sz).astype(np.float32) / 255 * S.road[b]
    grey = r.mean(2, keepdims=True)
    r = grey + (r - grey) * rng.uniform(0, 1)  # some of its colour
    g = rng.uniform(.75, 1.3)
    before = S.img[b].copy()
    S.img[b] = np.clip(S.img[b] * (1 + al[..., None] * (r ** g - 1)), 0, 255)
    if kind in ('sound', 'cover'):
        return
    hm = cv2.warpPerspective(hole * 255, T, sz) > 127
    cm = cv2.warpPerspective(cr * 255, T, sz) > 100
    if cm.any():
        register(S, b, before, cm & (al > .25), 'crack', 1, wd, S.depth(c), 'real crack')
    if hm.any():
        register(S, b, before, hm, 'pothole', 1, np.ptp(np.where(hole)[1]) * wd / w, S.depth(c), 'real pothole')


# Innocent things: nothing of them is labelled.

def patch(S):
    rng = S.rng
    c, w, l = S.spot(), rng.uniform(.4, 2.8), rng.uniform(.6, 11)
    u = S.along - np.pi / 2
    R = np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]])
    o = (np.array([[-w, -l], [w, -l], [w, l], [-w, l]]) / 2 + rng.normal(0, .04, (4, 2))) @ R + c if rng.random() < .8 else blob(rng, c, w / 2, w, rough=.2)
    r = poly(S, o, .4)
    if r is not None:
        S.img[r[1]] *= 1 + (r[0] * (rng.uniform(-.4, .25) + noise(S, 1, 3, r[1]) * rng.uniform(0, .05)))[..., None]
        if rng.random() < .3:
            seam(S, [np.concatenate([o, o[:1]])], rng.uniform(.03, .1), rng.uniform(.5, .9))


def seam(S, L, width, factor):
    m = lines(S, L, width)
    b = bounds(m)
    if b is not None:
        S.img[b] *= 1 - (m[b].astype(np.float32) / 255 * S.road[b] * (1 - factor))[..., None]


def joint(S):
    """A straight joint or tar line along or across the road."""
    rng = S.rng
    c, a = S.spot(), S.along + (0 if rng.random() < .6 else np.pi / 2) + rng.normal(0, .03)
    d, n = np.array([np.cos(a), np.sin(a)]), rng.uniform(2, 40)
    t = np.linspace(-n / 2, n / 2, 60)[:, None]
    seam(S, [c + d * t + np.stack([np.zeros(60), np.zeros(60)], 1)], rng.uniform(.01, .09), rng.uniform(.4, 1.15))


def sealed(S):
    """A crack filled with tar: smooth, dark, broad. Repaired, but nobody can tell from afar: ignored."""
    rng = S.rng
    p = walk(rng, S.spot(), S.along + (0 if rng.random() < .6 else np.pi / 2) + rng.normal(0, .2), rng.uniform(2, 12), .12, .2)
    m = lines(S, [p], rng.uniform(.05, .14))
    b = bounds(m)
    if b is not None:
        S.img[b] *= 1 - (m[b].astype(np.float32) / 255 * S.road[b] * rng.uniform(.25, .55))[..., None]
        S.ignore[b] |= (cv2.dilate(m[b], np.ones((5, 5), np.uint8)) > 40).astype(np.uint8) * 255


def manhole(S):
    """A cover, an inspection box or a drain: round or square, iron or concrete, often in a frame, a patch or a ring of tar."""
    rng = S.rng
    c, a, t = S.spot(), rng.uniform(.2, .45), np.linspace(0, 2 * np.pi, 41)[:-1]
    u = S.along - np.pi / 2 + (rng.normal(0, .08) if rng.random() < .7 else rng.uniform(0, 3.14))
    R = np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]])
    kind = rng.choice(['round', 'square', 'drain'], p=[.6, .2, .2])
    e = np.stack([np.cos(t), np.sin(t)], 1) if kind == 'round' else np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.]]) * [1, rng.uniform(.5, 1.6)]
    ring = lambda k: c + a * k * np.concatenate([e, e[:1]]) @ R

    def fill(pts, factor, rough=0., blur=.4):
        r = poly(S, pts, blur)
        if r is not None:
            S.img[r[1]] = np.clip(S.img[r[1]] * (1 + r[0] * (factor + rough * noise(S, 0, rng.uniform(1, 6), r[1])))[..., None], 0, 255)

    if rng.random() < .35:  # the patch around it
        k = rng.uniform(1.25, 2.6)
        fill(ring(k) if rng.random() < .6 else c + a * k * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) @ R, rng.uniform(-.35, .3), rng.uniform(0, .08), rng.uniform(.3, 1.5))
        if rng.random() < .4:
            seam(S, [ring(k)], rng.uniform(.02, .08), rng.uniform(.4, .85))
    tone = rng.uniform(-.6, .35)
    if rng.random() < .7:  # its frame
        fill(ring(rng.uniform(1.05, 1.25)), rng.uniform(-.4, .4), .05)
        seam(S, [ring(1)], rng.uniform(.015, .05), rng.uniform(.25, .75))
    fill(ring(1), tone, rng.uniform(.02, .2), rng.uniform(.3, .9))
    L = []
    if kind == 'drain':
        n = int(rng.integers(4, 10))
        f = e[:, 1].max()
        L = [c + a * np.array([[-.85, v], [0, v], [.85, v]]) @ R for v in np.linspace(-.85 * f, .85 * f, n)]
    elif rng.random() < .75:
        u = rng.random()
        if u < .35:  # concentric
            L = [ring(k) for k in np.linspace(.25, .85, int(rng.integers(2, 5)))]
        elif u < .7:  # a grid
            n = int(rng.integers(3, 8))
            half = lambda v: .9 * (np.sqrt(max(0., 1 - v * v)) if kind == 'round' else 1)
            L = [c + a * np.array([[-half(v), v], [0, v], [half(v), v]]) @ R for v in np.linspace(-.8, .8, n)]
            L += [c + a * np.array([[v, -half(v)], [v, 0], [v, half(v)]]) @ R for v in np.linspace(-.8, .8, n)]
        else:  # spokes
            n = int(rng.integers(4, 12))
            L = [c + a * np.outer(np.linspace(.2, .9, 4), [np.cos(v), np.sin(v)]) @ R for v in np.linspace(0, 2 * np.pi, n, endpoint=False)]
    if L:
        seam(S, L, rng.uniform(.012, .045), rng.uniform(.2, .75) if tone > -.45 or rng.random() < .6 else rng.uniform(1.2, 1.9))
    if rng.random() < .3:  # one side of the frame catches the light
        fill(np.concatenate([ring(1.08)[:len(e) // 2], ring(.98)[:len(e) // 2][::-1]]), rng.uniform(-.4, .6))


def stain(S):
    """Oil or damp: soft edges."""
    rng = S.rng
    c, a = S.spot(), rng.uniform(.12, 1.5)
    o = blob(rng, c, a, a * rng.uniform(1, 4), rough=.25, turn=S.along - np.pi / 2)
    r = poly(S, o, float(np.clip(S.f * a / S.depth(c) * rng.uniform(.12, .45), 1, 40)))
    if r is not None:
        S.img[r[1]] *= (1 - r[0] * rng.uniform(.08, .5))[..., None]


def tracks(S):
    """Skid marks and wet tyre tracks."""
    rng = S.rng
    c, a, n = S.spot(), S.along + rng.normal(0, .06), rng.uniform(3, 35)
    t, bend = np.linspace(0, n, 40), rng.normal(0, .012)
    for s in (0, rng.uniform(1.4, 1.8)):
        p = np.stack([s + bend * t ** 2 / 2, t], 1) @ np.array([[np.sin(a), -np.cos(a)], [np.cos(a), np.sin(a)]]) + c
        m = cv2.GaussianBlur(lines(S, [p], rng.uniform(.12, .3)), (0, 0), rng.uniform(.6, 2.5))
        b = bounds((m > 3).astype(np.uint8))
        if b is not None:
            S.img[b] *= 1 - (m[b].astype(np.float32) / 255 * S.road[b] * rng.uniform(.05, .4))[..., None]


def litter(S):
    """Leaves, grit, bird droppings."""
    rng = S.rng
    for _ in range(int(rng.integers(3, 60))):
        r = poly(S, blob(rng, S.spot(), *rng.uniform(.02, .09, 2), n=7, rough=.4), .3)
        if r is not None:
            S.img[r[1]] *= 1 + (r[0] * rng.uniform(-.6, .6))[..., None]


def wet(S):
    rng = S.rng
    b = (slice(None), slice(None))
    m = np.clip((noise(S, 4, rng.uniform(15, 70), b) - rng.uniform(0, 1)) * rng.uniform(1, 7), 0, 1) * S.road
    S.img *= (1 - m * rng.uniform(-.25, .4))[..., None]


def marking(S):
    """A worn marking, crackled."""
    rng = S.rng
    c, w, l = S.spot(), rng.uniform(.1, .5), rng.uniform(1, 8)
    u = S.along - np.pi / 2 + (np.pi / 2 if rng.random() < .3 else 0)
    R = np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]])
    r = poly(S, np.array([[-w, -l], [w, -l], [w, l], [-w, l]]) / 2 @ R + c, .4)
    if r is not None:
        wear = np.clip(rng.uniform(.4, 1) + noise(S, 2, rng.uniform(2, 8), r[1]) * rng.uniform(0, .6), 0, 1)
        tone = np.float32([1, 1, 1]) if rng.random() < .75 else np.float32([1, .85, .35])
        S.img[r[1]] += (r[0] * wear)[..., None] * (np.clip(S.img[r[1]].mean() * rng.uniform(1.4, 2.4), 0, 250) * tone - S.img[r[1]])


def cast(S):
    """Shadows: poles, wires, branches, crowns, lattice, buildings; hard or soft, fixed over the road."""
    rng = S.rng
    H, W = S.road.shape
    m = np.zeros((H, W), np.uint8)
    u = rng.random()
    if u < .35:  # poles, gantries, wires
        a = rng.uniform(0, 3.14)
        L, wd = [], []
        for _ in range(int(rng.integers(1, 5))):
            c = S.spot()
            d = np.array([np.cos(a), np.sin(a)]) * rng.uniform(3, 14)
            L.append(c + d * np.linspace(-1, 1, 30)[:, None])
            wd.append(rng.uniform(.02, .3))
            if rng.random() < .3:
                L.append(L[-1][-1] + np.array([-d[1], d[0]]) / np.hypot(*d) * np.linspace(-1.5, 1.5, 8)[:, None])
                wd.append(wd[-1])
        m = lines(S, L, .1, wd)
    elif u < .7:  # bare branches
        L, wd = [], []
        todo = [(S.spot(), rng.uniform(0, 6.28), rng.uniform(2, 6), rng.uniform(.08, .3), int(rng.integers(2, 5)))]
        while todo and len(L) < 160:
            p, a, l, t, deep = todo.pop(0)
            s = walk(rng, p, a, l, .12, .25)
            L.append(s)
            wd.append(t)
            if deep:
                for _ in range(int(rng.integers(2, 5))):
                    todo.append((s[rng.integers(len(s) // 3, len(s))], a + rng.normal(0, .7), l * rng.uniform(.4, .75), t * .6, deep - 1))
        m = lines(S, L, .1, wd)
    elif u < .9:  # crowns, dappled
        b = (slice(None), slice(None))
        z = noise(S, 3, rng.uniform(8, 40), b) + .5 * noise(S, 4, rng.uniform(30, 90), b)
        m = (np.clip((z - rng.uniform(-.2, 1)) * rng.uniform(2, 8), 0, 1) * 255).astype(np.uint8)
    else:  # buildings
        o = blob(rng, S.spot(), rng.uniform(2, 9), rng.uniform(3, 20), n=5, rough=.5)
        r = poly(S, o, .5)
        if r is not None:
            m[r[1]] = (r[0] * 255).astype(np.uint8)
    m = cv2.GaussianBlur(m, (0, 0), float(np.exp(rng.uniform(np.log(.5), np.log(4)))))
    a = m.astype(np.float32) / 255 * rng.uniform(.2, .65)
    S.img *= 1 - a[..., None] * np.float32([1, rng.uniform(.93, 1), rng.uniform(.83, 1)])


def posts(S):
    """Bollards, cones, posts and rods that stand on the road or beside it."""
    rng = S.rng
    c0, a = S.spot(), rng.uniform(0, 3.14)
    n, gap = int(rng.integers(1, 7)), rng.uniform(1, 4)
    w, h, kind = rng.uniform(.06, .3), rng.uniform(.4, 1.6), rng.random()
    cols = [np.float32(rng.uniform(20, 240)) * np.float32([1, 1, 1]) for _ in range(2)]
    if kind < .5:
        cols = [np.float32([220, 60, 40]) * rng.uniform(.5, 1.1), np.float32([230, 230, 230]) * rng.uniform(.6, 1)]
    for i in range(n):
        c = c0 + np.array([np.cos(a), np.sin(a)]) * gap * i
        lo, d = S.P(np.array([c]))
        if d[0] < 3:
            continue
        px = S.f / d[0]
        x, y = lo[0]
        m = int(rng.integers(2, 6))
        for j in range(m):
            t0, t1 = j / m, (j + 1) / m
            wa, wb = (w * px * (1 - .7 * t0), w * px * (1 - .7 * t1)) if kind < .3 else (w * px, w * px)
            y0, y1 = y - h * px * t0, y - h * px * t1
            q = np.round(np.array([[x - wa / 2, y0], [x + wa / 2, y0], [x + wb / 2, y1], [x - wb / 2, y1]]) * 16).astype(np.int32)
            cv2.fillConvexPoly(S.img, q, np.clip(cols[j % 2] * np.clip(S.img[::16, ::16].mean() / 110, .4, 1.3), 0, 255).tolist(), cv2.LINE_AA, 4)
        b = (slice(max(0, int(y - h * px) - 2), max(0, int(y) + 3)), slice(max(0, int(x - w * px)), max(0, int(x + w * px) + 1)))
        for p in (S.crack, S.hole):
            p[b] = 0


def text(S):
    """A burned-in caption."""
    rng = S.rng
    H, W = S.road.shape
    for _ in range(int(rng.integers(1, 3))):
        s = ''.join(rng.choice(list('ABCDEFGHIKLMNOPRSTUVWXYZ0123456789:-/. ')) for _ in range(int(rng.integers(6, 26))))
        x, y, k = int(rng.uniform(0, .75) * W), int(rng.choice([rng.uniform(.03, .1), rng.uniform(.9, .98)]) * H), rng.uniform(.5, 1.5)
        cv2.putText(S.img, s, (x + 1, y + 1), int(rng.integers(0, 5)), k, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(S.img, s, (x, y), 0, k, (float(rng.uniform(180, 255)),) * 3, 1 + int(k > 1), cv2.LINE_AA)


def paving(S):
    """Setts or bricks: a regular pattern, unlike a net of cracks."""
    rng = S.rng
    c, g, l = S.spot(), rng.uniform(.1, .4), rng.uniform(.12, .8)
    a, b = rng.uniform(.6, 3.5), rng.uniform(.6, 6)
    u = S.along - np.pi / 2 + (rng.uniform(0, 3.14) if rng.random() < .4 else 0)
    R = np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]])
    rows = np.arange(-b, b, g)[:80]
    L = [np.array([[-a, z], [0, z], [a, z]]) @ R + c for z in rows]
    for i, z in enumerate(rows):
        for x in np.arange(-a + (l / 2 if i % 2 else 0), a, l)[:14]:
            L.append(np.array([[x, z], [x, z + g / 2], [x, z + g]]) @ R + c)
    r = poly(S, np.array([[-a, -b], [a, -b], [a, b], [-a, b]]) @ R + c, .5)
    if r is not None:
        S.img[r[1]] *= 1 + (r[0] * rng.uniform(-.2, .2))[..., None]
    seam(S, L, rng.uniform(.01, .03), rng.uniform(.4, .8))


def setts(S):
    """A whole stretch of the road in setts, bricks or slabs."""
    rng = S.rng
    g, l = rng.uniform(.1, .35), rng.uniform(.1, .6)
    u = S.along - np.pi / 2 + (rng.uniform(0, 3.14) if rng.random() < .4 else rng.normal(0, .05))
    c, far = S.spot(), rng.uniform(4, 30)
    wide = rng.uniform(1.5, 12)
    x, z = S.X - c[0], S.Z - c[1]
    along, across = x * np.sin(S.along - np.pi / 2) + z * np.cos(S.along - np.pi / 2), x * np.cos(S.along - np.pi / 2) - z * np.sin(S.along - np.pi / 2)
    inside = S.road & (np.abs(along) < far) & (np.abs(across) < wide)
    b = bounds(inside.astype(np.uint8), 0)
    if b is None:
        return
    x, z = x[b] * np.cos(u) - z[b] * np.sin(u), x[b] * np.sin(u) + z[b] * np.cos(u)
    bend = rng.uniform(0, .03) * noise(S, 4, 4, b)
    row = np.floor(z / g + bend)
    fz, fx = (z / g + bend) - row, (x / l + .5 * (row % 2) + bend) % 1
    gap = rng.uniform(.01, .03)
    soft = np.maximum(S.foot[b], .004)
    edge = np.minimum(np.minimum(fz, 1 - fz) * g, np.minimum(fx, 1 - fx) * l)
    line = np.clip(1 - (edge - gap / 2) / soft, 0, 1) * np.clip(gap / soft, 0, 1) * np.clip(1.2 - soft / min(g, l), 0, 1)
    cell = np.sin(row * 12.9898 + np.floor(x / l + .5 * (row % 2)) * 78.233) * 43758.5453
    tone = (cell - np.floor(cell) - .5) * rng.uniform(0, .3) * np.clip(.6 * min(g, l) / soft, 0, 1)
    f = 1 + rng.uniform(-.15, .2) + tone - line * rng.uniform(.25, .65)
    S.img[b] = np.clip(np.where(inside[b][..., None], S.img[b] * f[..., None], S.img[b]), 0, 255)


def thin_lines(S):
    """Thin bright markings, new or worn, and reflectors between lanes."""
    rng = S.rng
    a = S.along + rng.normal(0, .08) + (np.pi / 2 if rng.random() < .15 else 0)
    d, s = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
    c, n, w = S.spot(), rng.uniform(4, 50), rng.uniform(.06, .22)
    t, bend = np.linspace(-n / 2, n / 2, 80), rng.normal(0, .004)
    p = c + np.outer(t, d) + np.outer(bend * t ** 2, s)
    L = [p] if rng.random() < .5 else [q for i, q in enumerate(np.array_split(p, int(rng.integers(4, 16)))) if i % 2 == 0 and len(q) > 1]
    if rng.random() < .3:
        L += [q + s * rng.uniform(.2, .4) for q in list(L)]
    if rng.random() < .25:  # reflectors
        L = [np.stack([q, q + d * .12]) for q in p[::int(rng.integers(3, 20))]]
    m = lines(S, L, w)
    b = bounds(m)
    if b is None:
        return
    wear = np.clip(rng.uniform(.4, 1) + noise(S, 2, rng.uniform(2, 8), b) * rng.uniform(0, .5), 0, 1)
    tone = np.float32([1, 1, 1]) if rng.random() < .75 else np.float32([1, .85, .4])
    al = m[b].astype(np.float32) / 255 * S.road[b] * wear
    S.img[b] += al[..., None] * (np.clip(S.img[b].mean() * rng.uniform(1.4, 2.6), 0, 252) * tone - S.img[b])


def glare(S):
    """Wet asphalt: what stands behind is mirrored in it, smeared downwards, in patches."""
    rng = S.rng
    H, W = S.road.shape
    rows = np.where(S.road.any(1))[0]
    if len(rows) < 20:
        return
    top = int(rows[0])
    src = S.img[max(0, 2 * top - rows[-1]):top + 1][::-1]
    if len(src) < 8:
        return
    src = cv2.resize(cv2.GaussianBlur(src, (0, 0), sigmaX=rng.uniform(1, 6), sigmaY=rng.uniform(5, 40)), (W, H - top))
    b = (slice(top, H), slice(None))
    z = noise(S, 4, rng.uniform(10, 60), b) + .5 * noise(S, 2, rng.uniform(4, 12), b)
    m = np.clip((z - rng.uniform(-1, 1)) * rng.uniform(.5, 5), 0, 1) * S.road[b] * rng.uniform(.15, .6)
    S.img[b] = S.img[b] * (1 - m[..., None]) + m[..., None] * src * rng.uniform(.5, 1.1)
    if rng.random() < .5:
        S.img[b] *= (1 - .25 * (S.road[b] * (1 - m)))[..., None]


def guard_rail(S):
    """A rail on posts, a kerb or a low wall beside or between lanes; what it hides is no road."""
    rng = S.rng
    a, h = S.along + rng.normal(0, .12), rng.uniform(.4, 1.0)
    t, bend = np.linspace(-30, 30, 60), rng.normal(0, .004)
    c = S.spot()
    p = c + np.outer(t, [np.cos(a), np.sin(a)]) + np.outer(bend * t ** 2, [-np.sin(a), np.cos(a)])
    p = p[(p[:, 1] > 2)]
    if len(p) < 3:
        return
    tone, kind = S.img[::16, ::16].mean() * rng.uniform(.4, 1.9), rng.random()
    lo, d = S.P(p)
    hi, _ = S.P(p, h)
    mid, _ = S.P(p, h * (rng.uniform(.45, .75) if kind < .6 else 0))
    hit = np.zeros(S.road.shape, np.uint8)
    I = lambda q: np.round(q).astype(np.int32)

    def draw(q, k):
        cv2.fillConvexPoly(S.img, I(q), (float(np.clip(tone * k, 5, 250)),) * 3, cv2.LINE_AA)
        cv2.fillConvexPoly(hit, I(q), 1)

    if kind < .6:
        for i in range(0, len(p), int(rng.integers(2, 5))):
            x = max(1., .1 * S.f / d[i]) / 2
            draw(np.array([lo[i] - [x, 0], lo[i] + [x, 0], hi[i] + [x, 0], hi[i] - [x, 0]]), rng.uniform(.5, .8))
    for i in range(len(p) - 1):
        if d[i] < 2.5 or d[i + 1] < 2.5:
            continue
        draw(np.array([mid[i], mid[i + 1], hi[i + 1], hi[i]]), 1 if kind < .6 else 1 + .04 * (i % 3))
        if kind < .6:
            g = (mid[i] + hi[i]) / 2, (mid[i + 1] + hi[i + 1]) / 2
            cv2.line(S.img, tuple(map(int, g[0])), tuple(map(int, g[1])), (float(np.clip(tone * .6, 5, 250)),) * 3, max(1, int(.05 * S.f / d[i])), cv2.LINE_AA)
    S.stand |= hit
    for q in (S.crack, S.hole, S.ignore):
        q[hit > 0] = 0


def rails(S):
    """Two rails, a slot or a channel along the road: long, parallel, gently bent."""
    rng = S.rng
    a, t = S.along + rng.normal(0, .25), np.linspace(-25, 25, 90)
    bend, gap = rng.normal(0, .01), rng.choice([1.43, 1.0, .35])
    c, w, f = S.spot(), rng.uniform(.03, .12), rng.uniform(.35, 1.4)
    for s in (0, gap) if rng.random() < .8 else (0,):
        p = np.stack([s + bend * t ** 2 / 2, t], 1) @ np.array([[np.sin(a), -np.cos(a)], [np.cos(a), np.sin(a)]]) + c
        seam(S, [p[p[:, 1] > 1]] if (p[:, 1] > 1).sum() > 2 else [], w, f)


def zebra(S):
    """Stripes of a crossing, worn."""
    rng = S.rng
    c, w, l, n = S.spot(), rng.uniform(.35, .6), rng.uniform(2, 4.5), int(rng.integers(3, 12))
    u = S.along - np.pi / 2 + rng.normal(0, .1)
    R = np.array([[np.cos(u), np.sin(u)], [-np.sin(u), np.cos(u)]])
    tone, wear, rough = np.float32([1, 1, 1]) if rng.random() < .75 else np.float32([1, .85, .35]), rng.uniform(.4, 1), rng.uniform(0, .6)
    lit = None
    for i in range(n):
        x = (i - n / 2) * 2 * w
        r = poly(S, np.array([[x, -l / 2], [x + w, -l / 2], [x + w, l / 2], [x, l / 2]]) @ R + c, .4)
        if r is not None:
            lit = np.clip(S.img[r[1]].mean() * 1.9, 0, 250) if lit is None else lit
            S.img[r[1]] += (r[0] * np.clip(wear + noise(S, 2, rng.uniform(2, 8), r[1]) * rough, 0, 1))[..., None] * (lit * tone - S.img[r[1]])


def innocent(S, bank, much=1.):
    """A random choice of innocent things."""
    rng = S.rng
    for f, p, n in ((patch, .4, 4), (joint, .4, 5), (sealed, .12, 3), (manhole, .55, 5), (stain, .5, 6), (tracks, .3, 3), (litter, .2, 1), (wet, .12, 1), (marking, .25, 4), (thin_lines, .3, 4),
                    (paving, .1, 2), (setts, .08, 1), (rails, .08, 2), (zebra, .18, 1), (glare, .07, 1), (guard_rail, .1, 2)):
        if rng.random() < p * much:
            for _ in range(int(rng.integers(1, n + 1))):
                f(S)
    if bank is not None and rng.random() < .5 * much:
        for _ in range(int(rng.integers(1, 5))):
            cut_out(S, bank, 'sound')
    for _ in range(int(rng.integers(1, 4)) if bank is not None and bank.get('cover') and rng.random() < .5 * much else 0):
        cut_out(S, bank, 'cover')


def damage(S, bank, much=1.):
    """A random choice of damage; real cut-outs if there is a bank."""
    rng = S.rng
    for _ in range(int(rng.integers(0, 1 + 6 * much))):
        if bank is not None and rng.random() < .6:
            cut_out(S, bank, 'pothole')
        else:
            pothole(S)
    for _ in range(int(rng.integers(0, 1 + 5 * much))):
        if bank is not None and rng.random() < .5:
            cut_out(S, bank, 'crack')
        else:
            thin_crack(S)
    for _ in range(int(rng.integers(1, 3)) if rng.random() < .35 else 0):
        long_crack(S)
    for _ in range(int(rng.integers(0, 3)) if rng.random() < .6 else 0):
        net(S)
