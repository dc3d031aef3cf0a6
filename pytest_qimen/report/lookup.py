"""Many texts in, where they stand in another one out: one walk along it, however many they are."""

from collections import deque
from collections.abc import Iterable

MOST = 30  # texts that end at one place and are tried there


class Lookup:
    """The automaton of Aho and Corasick (1975): a tree of the texts, with a way on from each dead end."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._length = [0]  # of the text that ends at a node, else 0
        for text in texts:
            self._add(text)
        self._way = [0] * len(self._next)  # to the longest other beginning that has just been read
        self._shorter = [0] * len(self._next)  # the next node on that way at which a text ends
        self._link()

    def _add(self, text: str) -> None:
        node = 0
        for sign in text:
            if sign not in self._next[node]:
                self._next[node][sign] = len(self._next)
                self._next.append({})
                self._length.append(0)
            node = self._next[node][sign]
        self._length[node] = len(text)

    def _link(self) -> None:
        queue = deque(self._next[0].values())
        while queue:
            node = queue.popleft()
            for sign, child in self._next[node].items():
                self._way[child] = way = self._step(self._way[node], sign)
                self._shorter[child] = way if self._length[way] else self._shorter[way]
                queue.append(child)

    def _step(self, node: int, sign: str) -> int:
        while node and sign not in self._next[node]:
            node = self._way[node]
        return self._next[node].get(sign, 0)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of what is found, in their order, overlapping ones as one.

        A text of ASCII counts only where no letter or digit stands beside it.
        """
        found: list[tuple[int, int]] = []
        node = 0
        for end, sign in enumerate(text, 1):
            node = self._step(node, sign)
            length = self._longest(node, text, end) if node else 0
            start = end - length
            while length and found and found[-1][1] > start:
                start = min(start, found.pop()[0])
            if length:
                found.append((start, end))
        return found

    def _longest(self, node: int, text: str, end: int) -> int:
        """Return the length of the longest text that ends at this place; 0 for none."""
        node = node if self._length[node] else self._shorter[node]
        for _ in range(MOST):
            if not node:
                break
            start = end - self._length[node]
            if not text[start:end].isascii() or _is_alone(text, start, end):
                return end - start
            node = self._shorter[node]
        return 0


def _is_alone(text: str, start: int, end: int) -> bool:
    return not any(one.isalnum() or one == "_" for one in (text[start - 1 : start], text[end : end + 1]))
