// Who may decide what. Without a policy file: four eyes, one approval by somebody else of the same workspace.
import { samePerson, type Decision, type DecisionKind, type ResizeRequest } from './request.ts';

export type Policy = {
  approvalsNeeded(request: ResizeRequest): number;
  /** Why this person may not, as a sentence naming the rule; null when they may. */
  objection(request: ResizeRequest, decision: Decision): string | null;
};

export const fourEyes: Policy = {
  approvalsNeeded: () => 1,
  objection(request, { kind, by }) {
    if (by.teamId !== request.requester.teamId) {
      return `Request ${request.id} belongs to another Slack workspace; only members of that workspace can ${kind} it.`;
    }
    return RULES[kind](request, { kind, by });
  },
};

const RULES: Record<DecisionKind, Policy['objection']> = {
  approve: (request, { by }) =>
    samePerson(by, request.requester)
      ? `You asked for ${request.id} yourself, and the four-eyes rule wants somebody else to approve it. Ask a colleague of project ${request.plan.project.name} to press Approve.`
      : null,
  deny: (request, { by }) =>
    samePerson(by, request.requester)
      ? `You asked for ${request.id} yourself; press Cancel to withdraw it. Deny is for the approvers.`
      : null,
  cancel: (request, { by }) =>
    samePerson(by, request.requester)
      ? null
      : `Only the person who asked for ${request.id} can cancel it. An approver can press Deny.`,
  confirm: closingRule,
  revert: closingRule,
};

function closingRule(request: ResizeRequest, { kind, by }: Decision): string | null {
  const approved = request.approvals.some((vote) => samePerson(vote.by, by));
  if (approved || samePerson(by, request.requester)) return null;
  return `Only the person who asked for ${request.id} or somebody who approved it can ${kind} it. Ask one of them.`;
}
