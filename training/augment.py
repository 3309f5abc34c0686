"""Crops of a training picture with its label planes, and what light, lens, camera and compression do to them."""
import cv2
import numpy as np

from model import STRIDE

CROP_W, CROP_H = 320, 256


def shadow(img, rng):
    """Soft-edged cast shadow (a polygon), dappled tree shade, or thin shadows of poles, wires and branches."""
    h, w = img.shape[:2]
    m = np.zeros((h, w), np.float32)
    u = rng.random()
    if u < .4:
        n = rng.integers(3, 6)
        pts = np.stack([rng.uniform(-.3, 1.3, n) * w, rng.uniform(-.3, 1.3, n) * h], 1)
        cv2.fillPoly(m, [pts.astype(np.int32)], 1.0)
        m = cv2.GaussianBlur(m, (0, 0), rng.uniform(.7, 5))
    elif u < .7:
        z = cv2.resize(rng.normal(size=(int(rng.integers(4, 22)), int(rng.integers(4, 26)))).astype(np.float32), (w, h),
                       interpolation=cv2.INTER_CUBIC)
        m = np.clip((z - rng.uniform(-.3, .8)) * rng.uniform(1.5, 6) + .5, 0, 1)
    else:  # poles, wires, and bare branches
        p = rng.uniform(0, 1, 2) * [w, h]
        a = rng.uniform(0, 6.3)
        todo = [(p, a, rng.uniform(.3, 1.2) * w, rng.uniform(1.5, 9), int(rng.integers(0, 4)))]
        while todo:
            p, a, l, t, deep = todo.pop()
            q = p + l * np.array([np.cos(a), .6 * np.sin(a)])
            cv2.line(m, p.astype(int).tolist(), q.astype(int).tolist(), 1.0, max(1, int(round(t))), cv2.LINE_AA)
            if deep and len(todo) < 60:
                for _ in range(int(rng.integers(2, 5))):
                    todo.append((p + (q - p) * rng.uniform(.2, 1), a + rng.normal(0, .7), l * rng.uniform(.3, .7), t * .6, deep - 1))
        m = cv2.GaussianBlur(m, (0, 0), rng.uniform(.5, 3))
    tint = 1 - m[..., None] * rng.uniform(.2, .65) * np.float32([1, rng.uniform(.93, 1), rng.uniform(.85, 1)])
    return img * tint


def photometric(a, rng, coarse=.25):
    """Light, colour, shade, blur, a low-resolution camera, noise and compression of a float RGB crop 0..1."""
    if rng.random() < .35:
        a = shadow(a, rng)
    a = np.clip(a, 0, 1) ** np.float32(np.exp(rng.uniform(-.5, .5)))
    a = (a - .5) * rng.uniform(.65, 1.35) + .5 + rng.uniform(-.17, .17)
    a = a * (1 + rng.uniform(-.09, .09, 3)).astype(np.float32)
    if rng.random() < .2:
        a = a.mean(2, keepdims=True).repeat(3, 2)
    h, w = a.shape[:2]
    if rng.random() < coarse:
        f = rng.uniform(1.2, 2.4)
        a = cv2.resize(cv2.resize(a, (int(w / f), int(h / f)), interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_CUBIC)
    elif rng.random() < .2:
        a = cv2.GaussianBlur(a, (0, 0), rng.uniform(.4, 1.1))
    elif rng.random() < .2:  # a camera that sharpens
        a = a + (a - cv2.GaussianBlur(a, (0, 0), 1.2)) * rng.uniform(.3, 1.5)
    if rng.random() < .3:
        a = a + rng.normal(0, rng.uniform(.005, .035), a.shape).astype(np.float32)
    a = (np.clip(a, 0, 1) * 255).astype(np.uint8)
    if rng.random() < .4:
        a = cv2.imdecode(cv2.imencode('.jpg', a, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 85))])[1], 1)
    return a


def crop(image, planes, cx, cy, s, ar, ang, flip, border=0):
    """Crop around a point at a scale: (uint8 RGB, cell planes). `planes`: (H/4, W/4, n)."""
    h, w = image.shape[:2]
    ex, ey = CROP_W / 2 / (s * ar), CROP_H / 2 / (s / ar)  # keep it inside the picture
    cx, cy = np.clip(cx, min(ex, w / 2), max(w - ex, w / 2)), np.clip(cy, min(ey, h / 2), max(h - ey, h / 2))
    c, d = np.cos(np.radians(ang)), np.sin(np.radians(ang))
    M = np.float64([[c, -d], [d, c]]) @ np.diag([(-1 if flip else 1) * s * ar, s / ar])
    A = np.concatenate([M, (np.float64([CROP_W / 2, CROP_H / 2]) - M @ [cx, cy])[:, None]], 1)
    if s < .75:
        x0, x1 = int(max(0, cx - ex * 1.25)), int(min(w, cx + ex * 1.25)) + 1
        y0, y1 = int(max(0, cy - ey * 1.25)), int(min(h, cy + ey * 1.25)) + 1
        src = cv2.GaussianBlur(image[y0:y1, x0:x1], (0, 0), .45 / s)  # against aliasing
        A2 = A.copy()
        A2[:, 2] += M @ [x0, y0]
        x = cv2.warpAffine(src, A2, (CROP_W, CROP_H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    else:
        x = cv2.warpAffine(image, A, (CROP_W, CROP_H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    B = A.copy()
    B[:, 2] = (B[:, 2] + M @ [1.5, 1.5] - 1.5) / STRIDE  # the same map between cell centres
    y = np.empty((CROP_H // STRIDE, CROP_W // STRIDE, planes.shape[2]), np.uint8)
    for k in range(planes.shape[2]):
        y[..., k] = cv2.warpAffine(planes[..., k], B, (CROP_W // STRIDE, CROP_H // STRIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return x, y
