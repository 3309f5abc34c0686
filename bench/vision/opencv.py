"""What a user of OpenCV would write for the same job: the empty road from the same 60 frames of a clip.

usage: opencv.py mog2|median|idle <url> <seconds>      (idle: what Python and its libraries cost by themselves)
Prints the mean grey value of what was found.
"""

import sys

import cv2
import numpy

PAIRS = 30


def frames(url, seconds):
    """The frames our capture takes: pairs of neighbours, spread over the clip. The others are decoded, not converted."""
    capture = cv2.VideoCapture(url)
    interval = seconds / PAIRS
    fps = capture.get(cv2.CAP_PROP_FPS)
    number, passed, partner_is_due = 0, 0, False
    while number < seconds * fps and capture.grab():
        time = number / fps
        number += 1
        if partner_is_due:
            partner_is_due = False
            yield capture.retrieve()[1]
        elif time >= passed * interval:
            partner_is_due = True
            passed = int(time / interval) + 1
            yield capture.retrieve()[1]


def mog2(url, seconds):
    subtractor = cv2.createBackgroundSubtractorMOG2(history=2 * PAIRS, detectShadows=False)
    for frame in frames(url, seconds):
        subtractor.apply(frame)
    return subtractor.getBackgroundImage()


def median(url, seconds):
    """A row at a time, which is faster than all at once and needs less memory."""
    clip = numpy.stack(list(frames(url, seconds)))
    rows = [numpy.median(clip[:, row], axis=0) for row in range(clip.shape[1])]
    return numpy.stack(rows).astype(numpy.uint8)


if __name__ == "__main__":
    method, url, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    if method != "idle":
        print({"mog2": mog2, "median": median}[method](url, seconds).mean())
