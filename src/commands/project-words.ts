// Projects as choices in a menu. Pure.
import type { Project } from '../auth/sessions.ts';
import { LIMITS } from '../slack/limits.ts';
import type { Choice } from '../slack/reply.ts';
import { quoteWord } from './tokens.ts';
import { shortName } from './server-words.ts';

/** Each choice carries the line that chooses the project by its id. */
export function projectChoices(projects: readonly Project[]): Choice[] {
  return projects
    .map((project) => ({
      text: shortName(project.name) || project.id,
      value: `project ${quoteWord(project.id)}`,
      ...(project.domainName !== null && { description: `domain ${shortName(project.domainName)}` }),
    }))
    .filter(({ value }) => value.length <= LIMITS.optionValue);
}
