"""Waits until every URL given answers, whatever it says; exit code 1 after a minute."""
import sys
import time
import urllib.error
import urllib.request

PATIENCE_S = 60


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=3).close()
        return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


deadline = time.monotonic() + PATIENCE_S
for url in sys.argv[1:]:
    while not answers(url):
        if time.monotonic() > deadline:
            sys.exit(f'swift-lab: {url} does not answer')
        time.sleep(0.1)
