"""Makes mechanical mutants of a solution: one operator, constant, argument, condition or statement changed in each."""

import ast
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy

_COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
}
_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
_NAMES = {"mean": "sum", "sum": "mean", "std": "var", "max": "min", "min": "max", "log": "log2", "exp": "exp2"}
_NAMES |= {"prod": "sum", "relu": "tanh", "softmax": "sigmoid", "random": "normal", "ones": "zeros"}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Pairs of a description ('old → new', numbered where the same text stands twice) and the mutant's source."""
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    for place, node in enumerate(ast.walk(tree)):
        for choice, new in enumerate(_alternatives(node)):
            title = f"{ast.unparse(node)} → {ast.unparse(new) or '(nothing)'}"
            seen[title] += 1
            title = title if seen[title] == 1 else f"{title} ({seen[title]})"
            copy = deepcopy(tree)
            target = list(ast.walk(copy))[place]
            replaced = _Replace(target, list(_alternatives(target))[choice]).visit(copy)
            yield title, ast.unparse(ast.fix_missing_locations(replaced))


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of node: other operators and values, other names and arguments, other statements."""
    yield from _operations(node)
    yield from _names_and_arguments(node)
    yield from _statements(node)


def _operations(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARISONS.get(type(operator), ()):
                yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.BinOp):
        for other in _OPERATORS.get(type(node.op), ()):
            yield _with(node, op=other())
        yield node.left
        yield node.right
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node)


def _names_and_arguments(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        for place in range(len(node.keywords)):
            yield _with(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
        if len(node.args) > 1:
            yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield _with(node, attr=_NAMES[node.attr])
    elif isinstance(node, ast.Name) and node.id in ("min", "max"):
        yield _with(node, id=_NAMES[node.id])


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If | ast.IfExp):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        yield _with(node, test=ast.Constant(False))
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield _with(node, ifs=[*node.ifs[:place], *node.ifs[place + 1 :]])
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        first, second, *rest = node.value.elts
        yield _with(node, value=ast.Tuple([second, first, *rest], ast.Load()))
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Raise) or _is_call(node):
        yield ast.Pass()


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif node.value in _NAMES:
        yield ast.Constant(_NAMES[node.value])


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _with(node: ast.AST, **changes: object) -> ast.AST:
    """A shallow copy of the node with some fields changed."""
    new = type(node)(**{name: getattr(node, name) for name in node._fields if hasattr(node, name)})
    for name, value in changes.items():
        setattr(new, name, value)
    return new
