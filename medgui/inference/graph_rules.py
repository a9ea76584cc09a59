"""What a graph may be, read from its bytes before onnxruntime sees them: nothing outside the file, nothing endless.

A table model is a plain chain of standard operators over the manifest's inputs. Field numbers are those of
onnx.proto3 (ONNX 1.18, Apache-2.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from medgui.errors import DamagedData
from medgui.i18n import _
from medgui.inference.manifest import Manifest
from medgui.inference.onnx_graph import fields, is_long_list, whole_numbers

DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
"""Domains of the ONNX standard; any other operator is somebody's own."""
CONTROL = ("If", "Loop", "Scan", "SequenceMap")
RANDOM = (
    "RandomNormal",
    "RandomUniform",
    "RandomNormalLike",
    "RandomUniformLike",
    "Bernoulli",
    "Multinomial",
)
LARGEST = {"image": 1 << 30}
LARGEST_TABLE = 128 << 20
"""Bytes of a graph: a model of a table has a few megabytes (the largest shipped one 0.5)."""
_ELEMENTS = {1: "float32", 11: "float64"}


class Refused(Exception):
    """Why a graph is refused, as a translated sentence."""


def check_graph(content: bytes, manifest: Manifest, file: str) -> None:
    """Raise `DamagedData` that names *file* and what in the graph is not allowed or does not fit *manifest*."""
    try:
        if len(content) > LARGEST.get(manifest.kind, LARGEST_TABLE):
            raise Refused(_("{file} is too large for a model of its kind.").format(file=file))
        graph = _model(content, file)
        _graph(graph, manifest, file)
    except Refused as error:
        raise DamagedData(str(error)) from None
    except (ValueError, IndexError, TypeError) as error:
        raise DamagedData(_("{file} is not an ONNX model.").format(file=file)) from error


def _model(content: bytes, file: str) -> bytes:
    graph = b""
    for number, _wire, value in fields(content):
        if number == 7:
            graph = value
        elif number in (20, 25):
            sentence = _("{file} brings functions of its own, which is not allowed.")
            raise Refused(sentence.format(file=file))
    if not graph:
        raise ValueError("no graph")
    return graph


def _graph(data: bytes, manifest: Manifest, file: str) -> None:
    inputs: dict[str, tuple[int, list[int]]] = {}
    outputs: dict[str, int] = {}
    constants: set[str] = set()
    for number, _wire, value in fields(data):
        if number == 1:
            _node(value, file)
        elif number == 5:
            constants.add(_tensor(value, file))
        elif number == 15:
            raise Refused(_("{file} has a sparse table, which is not allowed.").format(file=file))
        elif number == 11:
            name, kind, shape = _value_info(value)
            inputs[name] = kind, shape
        elif number == 12:
            name, kind, _shape = _value_info(value)
            outputs[name] = kind
    for name in constants:
        inputs.pop(name, None)
    _fits(inputs, outputs, manifest, file)


def _fits(
    inputs: dict[str, tuple[int, list[int]]], outputs: dict[str, int], manifest: Manifest, file: str
) -> None:
    """The graph asks for the manifest's inputs, as columns of its number type, and gives its outputs."""
    wanted = [spec.name for spec in manifest.inputs]
    _same(wanted, list(inputs), _("{file} has no input {names}, which the manifest lists."), file)
    _same(list(inputs), wanted, _("{file} asks for {names}, which the manifest does not list."), file)
    given = [output.name for output in manifest.outputs]
    if manifest.survival is not None:
        given.append(manifest.survival.output)
    _same(given, list(outputs), _("{file} has no output {names}, which the manifest lists."), file)
    for name in given:
        if outputs[name] not in _ELEMENTS:
            raise Refused(
                _("{file}: the output {name} is no column of numbers.").format(file=file, name=name)
            )
    kind = 11 if manifest.float64 else 1
    for name, (found, shape) in inputs.items():
        if manifest.kind != "image" and (found != kind or (shape and shape[1:] != [1])):
            sentence = _("{file}: the input {name} is no column of {kind} numbers.")
            raise Refused(sentence.format(file=file, name=name, kind=_ELEMENTS[kind]))


def _same(wanted: Sequence[str], there: Sequence[str], sentence: str, file: str) -> None:
    lacking = [name for name in wanted if name not in there]
    if lacking:
        raise Refused(sentence.format(file=file, names=", ".join(lacking)))


def _node(data: bytes, file: str) -> None:
    operator = domain = ""
    attributes: list[bytes] = []
    for number, _wire, value in fields(data):
        if number == 4:
            operator = value.decode()
        elif number == 7:
            domain = value.decode()
        elif number == 5:
            attributes.append(value)
    if domain not in DOMAINS:
        sentence = _("{file} uses the operator {name}, which is not part of the ONNX standard.")
        raise Refused(sentence.format(file=file, name=f"{domain}.{operator}"))
    if operator in CONTROL:
        sentence = _("{file} has a loop or branch ({name}), which is not allowed.")
        raise Refused(sentence.format(file=file, name=operator))
    if operator in RANDOM:
        sentence = _("{file} draws random numbers ({name}), so that its answers cannot be checked.")
        raise Refused(sentence.format(file=file, name=operator))
    for value in attributes:
        if not is_long_list(value):
            _attribute(value, operator, file)


def _attribute(data: bytes, operator: str, file: str) -> None:
    for number, _wire, value in fields(data):
        if number in (6, 11):
            sentence = _("{file} has a loop or branch ({name}), which is not allowed.")
            raise Refused(sentence.format(file=file, name=operator))
        if number in (22, 23):
            raise Refused(_("{file} has a sparse table, which is not allowed.").format(file=file))
        if number in (5, 10):
            _tensor(value, file)


def _tensor(data: bytes, file: str) -> str:
    """Name of a tensor that stands whole in the file, and is no larger than what stands there."""
    name = ""
    shape: list[int] = []
    for number, wire, value in fields(data):
        if number == 1:
            shape.extend(whole_numbers(value, wire))
        elif number == 8:
            name = value.decode()
        elif number == 13 or (number == 14 and value):
            sentence = _("{file} keeps a part of its numbers in another file, which is not allowed.")
            raise Refused(sentence.format(file=file))
    if any(size < 0 for size in shape) or prod(shape) > 8 * len(data):
        sentence = _("{file}: the table “{name}” is larger than what the file holds.")
        raise Refused(sentence.format(file=file, name=name))
    return name


def _value_info(data: bytes) -> tuple[str, int, list[int]]:
    """Name, element type and sizes of an input or output; -1 for a size that is open."""
    name, kind = "", 0
    shape: list[int] = []
    for number, _wire, value in fields(data):
        if number == 1:
            name = value.decode()
        elif number == 2:
            for tensor in _parts(value, 1):
                for inner, _w, part in fields(tensor):
                    if inner == 1:
                        kind = part
                    elif inner == 2:
                        shape = [_size(each) for each in _parts(part, 1)]
    return name, kind, shape


def _parts(data: bytes, wanted: int) -> Iterator[bytes]:
    return (value for number, _wire, value in fields(data) if number == wanted)


def _size(data: bytes) -> int:
    return next((int(value) for number, _wire, value in fields(data) if number == 1), -1)
