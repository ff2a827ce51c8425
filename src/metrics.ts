// Prometheus text on /metrics; every name begins with `ecs_`.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registers = [new Registry()];
  const [registry] = registers;
  if (!registry) throw new Error('no registry');
  collectDefaultMetrics({ register: registry, prefix: 'ecs_' });
  const seconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];
  return {
    registry,
    acks: new Histogram({
      name: 'ecs_slack_ack_seconds',
      help: 'From receiving a Slack request to its ack',
      labelNames: ['kind'],
      buckets: seconds,
      registers,
    }),
    slackCalls: new Counter({
      name: 'ecs_slack_calls_total',
      help: 'Calls to the Slack Web API',
      labelNames: ['method', 'outcome'],
      registers,
    }),
    cloudCalls: new Histogram({
      name: 'ecs_cloud_call_seconds',
      help: 'Calls to the cloud',
      labelNames: ['method', 'status'],
      buckets: seconds,
      registers,
    }),
    interactions: new Counter({
      name: 'ecs_interactions_total',
      help: 'What people did, and how it ended',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    resizes: new Counter({
      name: 'ecs_resize_states_total',
      help: 'States that resize requests entered',
      labelNames: ['state'],
      registers,
    }),
    outboxWaiting: new Gauge({ name: 'ecs_outbox_waiting', help: 'Messages not yet delivered', registers }),
    errors: new Counter({
      name: 'ecs_errors_total',
      help: 'Failures that nobody was told the cause of',
      labelNames: ['where'],
      registers,
    }),
  };
}
