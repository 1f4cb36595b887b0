"""SpiffWorkflow (LGPL, test time only) behind the few questions a walk asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_TIMES = re.compile(rb"<((?:\w+:)?(?:timeDuration|timeDate|timeCycle)[^>]*)>([^<$#=]*)</")
_EQUALS = re.compile(rb"(?<=\w) = (?=[\w\"'])")


def in_python(source: bytes) -> bytes:
    """Expressions are Python there: a time wants quotes, and one equals sign is two."""
    return _EQUALS.sub(b" == ", _TIMES.sub(rb"<\1>'\2'</", source))


class Spiff:
    """One case there. Tasks without a kind, service and business rule tasks are done at once, as in a walk here;
    timers fire when told, not by the clock."""

    def __init__(
        self,
        source: bytes,
        others: Mapping[str, bytes] = {},
        tables: Mapping[str, bytes] = {},
        variables: Mapping[str, Any] = {},
        process: str = "P",
    ) -> None:
        from SpiffWorkflow.bpmn.parser.util import full_tag
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.camunda.parser.CamundaParser import NSMAP
        from SpiffWorkflow.camunda.parser.task_spec import BusinessRuleTaskParser
        from SpiffWorkflow.camunda.specs.business_rule_task import BusinessRuleTask
        from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

        class Parser(BpmnDmnParser):  # type: ignore[misc]
            OVERRIDE_PARSER_CLASSES = {
                full_tag("businessRuleTask"): (BusinessRuleTaskParser, BusinessRuleTask)
            }

        parser = Parser(namespaces=dict(NSMAP))
        for file in (source, *others.values()):
            parser.add_bpmn_str(in_python(file))
        for table in tables.values():
            parser.add_dmn_str(table)
        self.workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
        # What the case is begun with stands in the data of its very first task.
        self.workflow.task_tree.set_data(**{name: _plain(value) for name, value in variables.items()})
        self.settle()

    def settle(self) -> None:
        from SpiffWorkflow.bpmn.specs.defaults import NoneTask

        busy = True
        while busy:
            self.workflow.do_engine_steps()
            passing = [task for task in self._ready() if isinstance(task.task_spec, NoneTask)]
            for task in passing:
                task.run()
            for task in self._started():
                task.complete()
                passing.append(task)
            busy = bool(passing)

    def _ready(self) -> list[Any]:
        from SpiffWorkflow.util.task import TaskState

        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def _started(self) -> list[Any]:
        """Service tasks that are running there."""
        from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
        from SpiffWorkflow.util.task import TaskState

        running = self.workflow.get_tasks(state=TaskState.STARTED)
        return [task for task in running if isinstance(task.task_spec, ServiceTask)]

    def _waiting(self) -> list[Any]:
        from SpiffWorkflow.util.task import TaskState

        tasks = self.workflow.event_manager.tasks.values()
        return [task for task in tasks if task.state == TaskState.WAITING]

    def open(self) -> list[str]:
        """The open tasks, receive tasks among them, by element."""
        from SpiffWorkflow.bpmn.specs.defaults import ReceiveTask

        receiving = [task for task in self._waiting() if isinstance(task.task_spec, ReceiveTask)]
        return sorted(task.task_spec.bpmn_id for task in [*self._ready(), *receiving])

    def awaited(self) -> list[str]:
        """The events waited for, by element; a gateway stands for those behind it."""
        from SpiffWorkflow.bpmn.specs.defaults import ReceiveTask, StartEvent
        from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition

        found = []
        for task in self._waiting():
            event = task.task_spec.event_definition
            # Nobody waits for an error, and a cycle that is used up stays listed for a while.
            cycle = task._get_internal_data("event_value")
            used_up = isinstance(cycle, dict) and cycle["cycles"] == 0
            if not isinstance(task.task_spec, ReceiveTask | StartEvent) and not used_up:
                found += [] if isinstance(event, ErrorEventDefinition) else [task.task_spec.bpmn_id]
        return sorted(found)

    def complete(self, element: str, place: int, values: Mapping[str, Any]) -> None:
        """The task at this place among the open ones of that element, oldest first."""
        task = [task for task in self._ready() if task.task_spec.bpmn_id == element][place]
        task.data.update(values)
        task.run()
        self.settle()

    def hear(self, name: str, values: Mapping[str, Any], key: tuple[str, str, Any] | None = None) -> None:
        """A message; the key is the names of correlation key and property, and the value."""
        from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
        from SpiffWorkflow.bpmn.util.event import BpmnEvent

        correlations = {} if key is None else {key[0]: {key[1]: key[2]}}
        payload = dict(values) if key is None else {**values, key[1]: key[2]}
        self.workflow.catch(BpmnEvent(MessageEventDefinition(name), payload, correlations))
        self.settle()

    def broadcast(self, name: str) -> None:
        from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
        from SpiffWorkflow.bpmn.util.event import BpmnEvent

        self.workflow.catch(BpmnEvent(SignalEventDefinition(name), {}))
        self.settle()

    def ring(self, element: str) -> None:
        """Let a timer run out, whatever its time is."""
        from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition

        task = next(task for task in self._waiting() if task.task_spec.bpmn_id == element)
        if isinstance(task.task_spec.event_definition, CycleTimerEventDefinition):
            past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
            task._set_internal_data(event_value={**task._get_internal_data("event_value"), "next": past})
        else:
            task._set_internal_data(event_fired=True)
        task.task_spec._update(task)
        self.settle()

    def ring_behind(self, gateway: str, timer: str) -> None:
        """Let the timer behind an event-based gateway run out; it is named as its element is."""
        from SpiffWorkflow.bpmn.util.event import BpmnEvent

        task = next(task for task in self._waiting() if task.task_spec.bpmn_id == gateway)
        events = task.task_spec.event_definition.event_definitions
        event = next(event for event in events if event.name == timer)
        task._set_internal_data(seen_events=[BpmnEvent(event)])
        task.task_spec._update(task)
        self.settle()

    @property
    def ended(self) -> bool:
        from SpiffWorkflow.bpmn.specs.control import _EndJoin
        from SpiffWorkflow.util.task import TaskState

        # Not its `completed`: that was true in the sample "stopped" while task A was still open. The join before
        # the end may be left behind waiting for nothing.
        left = self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING)
        return all(isinstance(task.task_spec, _EndJoin) for task in left)

    @property
    def variables(self) -> dict[str, Any]:
        """At the end of the case."""
        return {name: value for name, value in self.workflow.data.items() if name != "data_objects"}


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
