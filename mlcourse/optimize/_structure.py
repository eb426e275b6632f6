"""Parameters in any arrangement of arrays, seen as one vector.

An optimiser's arithmetic is that of vectors; a network's parameters are a dictionary of matrices.
`Structure` goes from one to the other and back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlcourse._validation import check_array

__all__ = ["Structure"]

_FLOATS = (np.float64, np.float32)


class Structure:
    """The arrangement of a start: its dicts, lists and tuples, and the shapes of its arrays.

    A list or tuple that holds nothing but numbers, or lists of numbers, is one array.

    Parameters
    ----------
    tree : array_like, or dict, list or tuple of them, nested at will
        The start.  It is read, not kept.
    name : str
        What messages call it.

    Attributes
    ----------
    start : ndarray, 1-D
        All numbers of the tree in one vector of its own: float32 if all arrays are, else float64.
    is_vector : bool
        Whether the tree is a 1-D array, so that nothing has to be rearranged.

    Raises
    ------
    TypeError, ValueError
        If an array is empty, not of finite real numbers, or there is none.
    """

    def __init__(self, tree: Any, name: str = "x0") -> None:
        self._shapes: list[tuple[int, ...]] = []
        self._bounds = [0]
        leaves: list[np.ndarray] = []
        self._plan = self._read(tree, name, leaves)
        if not leaves:
            raise ValueError(f"{name} must hold at least one array (it was {tree!r})")
        self.start = np.concatenate(leaves)  # a copy, and of the widest type among them
        self._is_array = self._plan == 0
        self.is_vector = self._is_array and len(self._shapes[0]) == 1

    def _read(self, tree: Any, name: str, leaves: list[np.ndarray]) -> Any:
        """Note the leaves below; the plan has their numbers where the tree has arrays."""
        if _is_branch(tree):
            return _rebuilt(
                tree,
                [(k, self._read(child, f"{name}[{k!r}]", leaves)) for k, child in _items(tree)],
            )
        if tree is None:
            raise TypeError(f"{name} must be an array of numbers (it was None)")
        leaf = check_array(tree, name=name, dtype=_FLOATS, ndim=None, min_samples=0, min_features=0)
        if not leaf.size:
            raise ValueError(f"{name} must not be empty (it had shape {leaf.shape})")
        leaves.append(leaf.ravel())
        self._shapes.append(leaf.shape)
        self._bounds.append(self._bounds[-1] + leaf.size)
        return len(leaves) - 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the tree, if it is one array; else that of `start`."""
        return self._shapes[0] if self._is_array else self.start.shape

    def unflatten(self, vector: np.ndarray) -> Any:
        """Arrange a vector as the start was; the arrays are views of the vector.

        Parameters
        ----------
        vector : ndarray, 1-D
            As long as `start`.

        Returns
        -------
        ndarray, or dict, list or tuple of them
        """
        return vector if self.is_vector else self._arranged(self._plan, vector)

    def _arranged(self, plan: Any, vector: np.ndarray) -> Any:
        if isinstance(plan, int):
            return vector[self._bounds[plan] : self._bounds[plan + 1]].reshape(self._shapes[plan])
        return _rebuilt(plan, [(key, self._arranged(child, vector)) for key, child in _items(plan)])

    def flatten(self, tree: Any, name: str) -> np.ndarray:
        """Turn a tree of the same arrangement into a new vector, of the type of `start`.

        Parameters
        ----------
        tree : array_like, or dict, list or tuple of them
            Arrays of the same shapes in the same places; they may hold NaN and infinities.
        name : str
            What messages call it.

        Returns
        -------
        ndarray, 1-D

        Raises
        ------
        TypeError, ValueError
            If a place or a shape differs, naming which; nothing is ever broadcast.
        """
        vector = np.empty_like(self.start)
        self._write(tree, self._plan, name, vector)
        return vector

    def _write(self, tree: Any, plan: Any, name: str, vector: np.ndarray) -> None:
        if not isinstance(plan, int):
            children = _children_like(tree, plan, name)
            for key, below in _items(plan):
                self._write(children[key], below, f"{name}[{key!r}]", vector)
            return
        leaf = np.asarray(tree) if not isinstance(tree, dict) else None
        if leaf is None or leaf.dtype.kind not in "biuf":
            raise TypeError(f"{name} must be an array of real numbers (it was {_described(tree)})")
        if leaf.shape != self._shapes[plan]:
            raise ValueError(
                f"{name} must have the shape of the parameters, {self._shapes[plan]} "
                f"(it had shape {leaf.shape})"
            )
        vector[self._bounds[plan] : self._bounds[plan + 1]] = leaf.ravel()


def _is_branch(tree: Any) -> bool:
    """Whether it is an arrangement of arrays, not an array written as a list."""
    if isinstance(tree, dict):
        return True
    if not isinstance(tree, (list, tuple)):
        return False
    return not tree or any(isinstance(child, np.ndarray) or _is_branch(child) for child in tree)


def _items(branch: Any) -> list[tuple[Any, Any]]:
    return list(branch.items() if isinstance(branch, dict) else enumerate(branch))


def _rebuilt(branch: Any, items: list[tuple[Any, Any]]) -> Any:
    """The same kind of dict, list or tuple with other children."""
    if isinstance(branch, dict):
        return dict(items)
    children = [child for _, child in items]
    if isinstance(branch, tuple):
        return type(branch)(*children) if hasattr(branch, "_fields") else tuple(children)
    return children


def _children_like(tree: Any, plan: Any, name: str) -> Any:
    """The tree itself, if it has the places of the plan and no others."""
    if isinstance(plan, dict):
        fits = isinstance(tree, dict) and tree.keys() == plan.keys()
        wanted = f"a dict with the keys {list(plan)}"
    else:
        fits = isinstance(tree, (list, tuple)) and len(tree) == len(plan)
        wanted = f"a {'tuple' if isinstance(plan, tuple) else 'list'} of {len(plan)} arrays"
    if not fits:
        raise ValueError(
            f"{name} must be {wanted}, as the parameters are (it was {_described(tree)})"
        )
    return tree


def _described(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict with the keys {list(tree)}"
    if isinstance(tree, (list, tuple)):
        return f"a {type(tree).__name__} of length {len(tree)}"
    if isinstance(tree, np.ndarray):
        return f"an array of shape {tree.shape} and dtype {tree.dtype}"
    return repr(tree)
