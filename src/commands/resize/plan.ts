// What a resize would call, as `--plan` shows it before it is asked for, and for each decision about it.
import { unreachable } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { actsFrom, requestOf } from '../../resize/calls.ts';
import type { Plan } from '../../resize/plan.ts';
import type { ActKind, DecisionKind } from '../../resize/request.ts';
import type { Planned } from '../planned.ts';

/** Pure. `decided`: what would be pressed now. */
export function resizePlanned(plan: Plan, decided: DecisionKind, cloud: Cloud): Planned {
  const acts = decided === 'deny' || decided === 'cancel' ? [] : actsFrom(decided, plan);
  const calls = acts.map((act) => ({ why: why(act, { plan, decided }), request: requestOf(plan, act) }));
  return { kind: 'calls', cloud, calls, note: noteOn(decided, plan) };
}

function why(act: ActKind, { plan, decided }: { plan: Plan; decided: DecisionKind }): string {
  switch (act) {
    case 'stop':
      return `Stop ${plan.server.name}, because it runs`;
    case 'resize':
      return `Resize it from ${plan.from.name} to ${plan.to.name}`;
    case 'confirm':
      return decided === 'confirm' ? `Keep ${plan.to.name}` : `When somebody confirms: keep ${plan.to.name}`;
    case 'revert':
      return decided === 'revert'
        ? `Go back to ${plan.from.name}`
        : `When somebody reverts instead: go back to ${plan.from.name}`;
    case 'start':
      return `Start ${plan.server.name} again, because it ran before`;
    default:
      return unreachable(act);
  }
}

function noteOn(decided: DecisionKind, { backend }: Pick<Plan, 'backend'>): string {
  switch (decided) {
    case 'approve':
      if (backend === 'native')
        return 'Each is made once the one before it is done, as the requester. This cloud has no step to confirm.';
      return 'Each is made once the one before it is done, as the requester; confirm and revert as whoever chooses.';
    case 'confirm':
    case 'revert':
      return 'As you.';
    case 'deny':
    case 'cancel':
      return 'It only closes the request.';
    default:
      return unreachable(decided);
  }
}
