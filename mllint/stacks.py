"""The stack of a Dockerfile's stages as `mllint stack` reports it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mllint import __version__
from mllint.config.load import Configuration
from mllint.discovery import discover
from mllint.images import drivers, gpus
from mllint.lint import Linter, ReadError, build_options, decode, read_bytes, read_source
from mllint.report.run import ErrorReport
from mllint.report.stack_report import (
    Driver,
    Evidence,
    Flow,
    FrameworkReport,
    HostLine,
    Layer,
    Level,
    StackReport,
    Stacks,
    StageStack,
    Value,
)
from mllint.semantic import hosts
from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions, Fact, Origin
from mllint.semantic.frameworks import Framework
from mllint.semantic.loaded_libraries import lack_of
from mllint.semantic.reruns import Reach, reruns
from mllint.semantic.secret_commands import command_secrets
from mllint.semantic.secrets import is_secret_name, secrets_in
from mllint.semantic.sizes import LayerSize
from mllint.semantic.stack import Stack
from mllint.semantic.stage import Stage
from mllint.source import Source, Span, Text
from mllint.syntax.nodes import Arg, Env, Label
from mllint.syntax.parser import parse

if TYPE_CHECKING:
    from mllint.plugins import Registry

_ENVIRONMENTS = {
    "system": "the distribution's own",
    "image": "the image's own",
    "venv": "in a virtual environment",
    "conda": "of conda",
    "custom": "installed besides the distribution's",
    "target": "",
    "tool": "",
    "unknown": "",
    "none": "",
}


def read_stacks(paths: Iterable[str], configuration: Configuration, registry: Registry | None = None) -> Stacks:
    """The stacks of files, of the Dockerfiles in folders, and of the standard input (`-`), each with its own settings.

    With a registry, its rules are run too, and the reports have their findings. Raises ConfigError.
    """
    found = discover(paths, configuration.for_file)
    linter = Linter(configuration, registry) if registry is not None else None
    reports: list[StackReport] = []
    errors = [ErrorReport(each.path, each.message) for each in found.failures]
    if not found.files and not errors:
        errors.append(ErrorReport(None, "no Dockerfiles found"))
    for path in found.files:
        options = build_options(configuration.for_file(path if path != "-" else "Dockerfile"))
        try:
            source = _read(path)
            report = describe_stacks(source, options)
            if linter is not None:
                checked = linter.lint(source, path="Dockerfile" if path == "-" else path)
                others = {each.span.source for each in checked.findings} - {source}
                secrets = (*report.secrets, *(span for each in others for span in _written_secrets(each)))
                report = report._replace(findings=checked.findings, secrets=secrets)
                errors += checked.errors
            reports.append(report)
        except ReadError as error:
            errors.append(ErrorReport(path, str(error)))
    return Stacks(__version__, tuple(reports), tuple(errors))


def _read(path: str) -> Source:
    if path != "-":
        return read_source(path)
    return decode("<stdin>", read_bytes(sys.stdin.buffer if sys.stdin is not None else None))


def describe_stacks(source: Source, options: BuildOptions) -> StackReport:
    """The stacks of a file's stages, the final one's first, then from the last to the first."""
    build = Build(parse(source), options)
    build.derive_inherited()
    ordered = sorted(build.stages, key=lambda each: (not each.is_final, -each.index))
    again = reruns(build)
    stages = tuple(_stage(each, again[each]) for each in ordered if each.opening.span.text)
    secrets = tuple(_secrets(build))
    build.release()
    return StackReport(source.path, stages, options.driver, options.gpu, source, secrets=secrets)


def _written_secrets(source: Source) -> Iterator[Span]:
    yield from (each.span for each in secrets_in(Text.plain(source.span(0, len(source.text)))))


def _secrets(build: Build) -> Iterator[Span]:
    """What is secret whatever it is called: for pages that show the file, also where the rule about it is off."""
    yield from _written_secrets(build.dockerfile.source)
    for stage in build.stages:
        for run in stage.runs:
            yield from (each.span for each in command_secrets(stage.script(run).commands))
    for instruction in build.dockerfile.instructions:
        if isinstance(instruction, (Env, Arg, Label)):
            for pair in instruction.pairs:
                if pair.value is not None and is_secret_name(pair.key.value) and pair.value.value.strip("\"'"):
                    yield pair.value.span


def _flows(stage: Stage) -> Iterator[Flow]:
    if stage.parent is not None:
        yield Flow("continues", stage.parent.index, "", stage.opening.span)
    elif stage.base_name:
        yield Flow("continues", stage.base_name, "", stage.opening.span)
    for step in stage.copies:
        origin: str | int = "the build context"
        if step.origin is not None:
            origin = step.origin.index if isinstance(step.origin, Stage) else str(step.origin)
        elif not step.from_context:
            continue
        paths = ", ".join(text.value for text, _ in step.sources)
        yield Flow("copies", origin, paths, step.instruction.span)
    for run in stage.runs:
        for mount in run.mounts:
            found = stage.build.copy_origin(mount.options.get("from"), stage) if "from" in mount.options else None
            if found is not None:
                origin = found.index if isinstance(found, Stage) else str(found)
                yield Flow("mounts", origin, mount.options.get("source", ""), run.span)


def _stage(stage: Stage, reach: Reach) -> StageStack:
    stack = stage.stack
    environment = stage.environment
    remark = _ENVIRONMENTS.get(environment.kind, "")
    if environment.managed:
        remark = f"{remark}, which refuses pip (PEP 668)".lstrip(", ")
    return StageStack(
        name=stage.name,
        index=stage.index,
        base=str(stage.image) if stage.image is not None else stage.base_name or None,
        line=stage.opening.line,
        final=stage.is_final,
        role=_role(stage),
        system=_value(stack.os),
        python=_value(stack.python, False if environment.kind == "none" else None, remark=remark),
        environment=environment.key,
        cuda=_value(stack.cuda, stack.has_cuda),
        flavour=stack.flavour.value if stack.flavour is not None else None,
        cudnn=_value(stack.cudnn, stack.has_cudnn),
        nvcc=_value(stack.nvcc, stack.has_nvcc),
        arch_list=_value(stack.arch_list),
        frameworks=tuple(_framework(each, stack) for each in stack.frameworks),
        gpu=tuple((each.value, _evidence(each)) for each in stack.gpu.reasons if each.origin is not Origin.OPTION),
        driver=_driver(stack),
        architectures=stack.architectures,
        layers=tuple(_layer(each, reach) for each in stage.layer_sizes),
        hosts=tuple(_hosts(stage)) if stage.is_final else (),
        complete=stack.complete,
        flows=tuple(_flows(stage)),
    )


def _role(stage: Stage) -> Value:
    role = stage.role
    return Value(role.value.value, _evidence(role), True)


def _value(fact: Fact[str] | None, there: bool | None = None, *, remark: str = "") -> Value:
    if fact is None:
        return Value(None, None, there)
    return Value(fact.value, _evidence(fact), True, remark)


def _evidence(fact: Fact[str] | Fact[object]) -> Evidence:
    return Evidence(fact.span, fact.reason, fact.origin.value, fact.sure)


def _framework(found: Framework, stack: Stack) -> FrameworkReport:
    fact = found.cuda or found.version
    package = found.package
    return FrameworkReport(
        name=found.name,
        package=package.name,
        version=found.version.value if found.version is not None else None,
        specifier=package.specifier,
        variant=package.variant,
        build=found.build,
        cuda=found.cuda.value if found.cuda is not None else None,
        bundles_cuda=found.bundles_cuda,
        cudnn=found.cudnn.value if found.cudnn is not None else None,
        needs_system_cudnn=found.needs_system_cudnn,
        architectures=found.architectures,
        environment=package.environment,
        lacks=_lacks(found, stack),
        note=found.note,
        sure=found.sure,
        evidence=_evidence(fact) if fact is not None else Evidence(package.span, "", package.origin.value, True),
    )


def _lacks(found: Framework, stack: Stack) -> str:
    """What a framework that loads CUDA from the image does not find there, as far as that is known."""
    lack = lack_of(found, stack)
    if lack is None:
        return ""
    parts = (("CUDA", lack.other_cuda), ("cuDNN", lack.other_cudnn))
    named = [f"{name} {there}" if there else f"no {name}" for name, there in parts if there is not None]
    return f"the image has {' and '.join(named)}"


def _driver(stack: Stack) -> Driver | None:
    least = stack.least_driver
    if least is None:
        return None
    use, base = least.because, stack.stage.base
    of_image = use.toolkit is not None and use.toolkit.source == "image"
    because = f"CUDA {use.version} of {'the ' if of_image else ''}{use.label}"
    asks = base is not None and base.family == "nvidia/cuda" and not hosts.gate_is_off(stack.stage)
    gate = drivers.start_requirement(base.cuda) if asks and base is not None and base.cuda is not None else None
    return Driver(
        version=least.version,
        native=least.native if least.native != least.version else None,
        because=because,
        gate=gate[0] if gate is not None else None,
        gate_branches=gate[1] if gate is not None else (),
        compat=hosts.has_compat(use, stack.stage),
        complete=least.complete,
        evidence=_evidence(use.cuda)._replace(sure=least.sure),
    )


def _layer(size: LayerSize, reach: Reach) -> Layer:
    parts = sorted(size.parts, key=lambda each: -(each.megabytes or 0))
    contents = tuple((each.label, each.megabytes) for each in parts)
    again = any(size.instruction is each for each in reach.instructions)
    return Layer(size.keyword, size.span, size.megabytes, size.complete, contents, again)


# The host


def _hosts(stage: Stage) -> Iterator[HostLine]:
    options = stage.build.options
    if options.driver is not None:
        yield from _on_driver(stage, options.driver, options.gpu)
    if options.gpu is not None:
        yield from _on_gpu(stage, options.gpu, options.driver)


def _on_driver(stage: Stage, driver: str, gpu: str | None) -> Iterator[HostLine]:
    first = hosts.is_unknown_to(gpu, driver)
    if first is not None:
        text = f"{gpu}: it needs driver {first} or newer, and {driver} does not know it; cuda-compat does not help here"
        yield HostLine("error", text, None)
        return
    found = hosts.driver_verdicts(stage, driver, gpu)
    for each in found:
        level, text = _driver_line(each, gpu, hosts.has_compat(each.use, stage))
        if level == "error" and not each.sure:
            level = "warning"
        yield HostLine(level, text, _evidence(each.use.cuda))
    open_ends = [each.label for each in stage.stack.frameworks if each.build == "cuda" and each.cuda is None]
    if not stage.stack.complete and not open_ends:
        open_ends = ["what files outside the context install"]
    elif stage.stack.has_cuda is None and not found:
        open_ends = ["the base image", *open_ends]
    if open_ends:
        what = ", ".join(open_ends)
        yield HostLine("unknown", f"{what}: the CUDA is not known, and so is whether driver {driver} runs it", None)
    elif not found:
        yield HostLine("ok", f"nothing in the image is known to need an NVIDIA driver; {driver} will do", None)


def _driver_line(found: hosts.DriverVerdict, gpu: str | None, compat: bool | None) -> tuple[Level, str]:
    use, need, driver = found.use, found.verdict.need, found.verdict.driver
    what = f"{use.label}, CUDA {use.version}"
    if need is None or found.fate is hosts.Fate.UNKNOWN:
        return "unknown", f"{what}: the driver that it needs is not known"
    runs = f"runs on drivers >= {need.minimum}"
    if found.fate is hosts.Fate.RUNS:
        return "ok", f"{what}: {runs}; driver {driver} runs all of it"
    if found.fate is hosts.Fate.MINOR_VERSION:
        return "ok", f"{what}: {runs}; driver {driver} runs it, without PTX and features newer than CUDA {_own(found)}"
    if found.fate is hosts.Fate.COMPAT:
        where = "" if compat else ", if it is in the image"
        return (
            "ok" if compat else "unknown",
            f"{what}: {runs}; on {driver} cuda-compat makes it run on the {gpu}{where}",
        )
    if found.fate is hosts.Fate.GATE and found.gate is not None:
        passing = ", ".join(map(str, found.gate.branches))
        others = f" (or branches {passing})" if passing else ""
        gate = f"the image asks for CUDA {found.gate.requires} at start{others}, driver {driver} reports {_own(found)}"
        return "warning", f"{what}: {gate}: container toolkits before 1.18 refuse it, newer ones start it"
    cannot = f"your {driver} host cannot start it"
    if found.fate is hosts.Fate.COMPAT_UNKNOWN:
        return "warning", f"{what}: {runs}; on driver {driver} it starts through cuda-compat on data-centre GPUs alone"
    if found.fate is hosts.Fate.COMPAT_REFUSED:
        return "error", f"{what}: {runs}; {cannot}: cuda-compat does not work on the {gpu} (error 804)"
    if found.fate is hosts.Fate.NO_COMPAT:
        return "error", f"{what}: {runs}; {cannot}: there is no cuda-compat in the image"
    return "error", f"{what}: {runs}; {cannot}"


def _own(found: hosts.DriverVerdict) -> str:
    return found.verdict.driver_cuda or "of its own"


def _on_gpu(stage: Stage, name: str, driver: str | None) -> Iterator[HostLine]:
    board = gpus.find_gpu(name)
    if board is None:
        return
    shown = board.name if board.kind == "" else f"{board.name} ({gpus.sm(board.capability)})"
    first, last = hosts.first_branch(board), hosts.last_branch(board)
    if driver is None and first is not None:
        yield HostLine("ok", f"{shown}: it needs driver {first} or newer, whatever the CUDA of the image", None)
    if driver is not None and last is not None and int(driver.lstrip("Rr").partition(".")[0]) > last:
        yield HostLine("error", f"{shown}: branch {last} is its last driver, and {driver} does not know it", None)
    found = hosts.gpu_verdicts(stage, name)
    for each in found:
        level: Level = "ok" if each.runs else "unknown" if each.runs is None else "error"
        if level == "error" and (not each.sure or each.use.framework is None):
            level = "warning"
        yield HostLine(level, f"{shown}: {each.reason}", _evidence(each.use.cuda))
    if not found:
        yield HostLine("unknown", f"{shown}: nothing in the image says for which GPUs it has code", None)
