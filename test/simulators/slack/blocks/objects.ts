// Composition objects of Block Kit and their limits: text, options, confirm dialogs, images.
import { isDeepStrictEqual } from 'node:util';
import { all, byType, failed, flag, isObject, link, list, oneOf, rule, shape, text, type Check } from './check.ts';

export function plainText(max: number): Check {
  return byType({
    plain_text: shape({ type: oneOf('plain_text'), text: text({ max, plain: true }) }, { emoji: flag }),
  });
}

export function mrkdwn(max: number): Check {
  return byType({ mrkdwn: shape({ type: oneOf('mrkdwn'), text: text({ max }) }, { verbatim: flag }) });
}

export function anyText(max: number): Check {
  return byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });
}

/** `block_id`, `action_id`, `callback_id`, `external_id`. */
export const identifier = text({ max: 255 });

export const confirm = shape(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: oneOf('primary', 'danger') },
);

// Sources differ on the value (75 or 150 characters): the smaller one is safe everywhere.
const OPTION_MAX = 75;

const selectOption = shape(
  { text: plainText(OPTION_MAX), value: text({ max: OPTION_MAX }) },
  { description: plainText(75) },
);
const richOption = shape({ text: anyText(OPTION_MAX), value: text({ max: OPTION_MAX }) }, { description: anyText(75) });
const overflowOption = shape(
  { text: plainText(OPTION_MAX), value: text({ max: OPTION_MAX }) },
  { description: plainText(75), url: link(3000) },
);

export const selectOptions = list(selectOption, { min: 1, max: 100 });
export const richOptions = list(richOption, { min: 1, max: 10 });
export const overflowOptions = list(overflowOption, { min: 1, max: 5 });
export const optionGroups = list(shape({ label: plainText(75), options: selectOptions }), { min: 1, max: 100 });
export const singleOption = selectOption;

/** What the options load URL may answer: an empty list is "no results". */
export const suggestions = shape(
  {},
  {
    options: list(selectOption, { min: 0, max: 100 }),
    option_groups: list(shape({ label: plainText(75), options: list(selectOption, { min: 0, max: 100 }) }), {
      min: 0,
      max: 100,
    }),
  },
);

/** All options of a menu, groups flattened. */
export function optionsOf(element: Record<string, unknown>): unknown[] {
  if (Array.isArray(element['options'])) return element['options'];
  const groups: unknown[] = Array.isArray(element['option_groups']) ? element['option_groups'] : [];
  return groups.flatMap((group) => (isObject(group) && Array.isArray(group['options']) ? group['options'] : []));
}

/** What is chosen at first must be one of the options, equal in every field. */
export const initialIsAnOption = rule((element, pointer, report) => {
  const options = optionsOf(element);
  const check = (chosen: unknown, at: string): void => {
    if (options.some((option) => isDeepStrictEqual(option, chosen))) return;
    report(failed(`${pointer}/${at}`, 'must match one of the options', { type: 'enum', expected: ['options'] }));
  };
  if (element['initial_option'] !== undefined) check(element['initial_option'], 'initial_option');
  const several: unknown[] = Array.isArray(element['initial_options']) ? element['initial_options'] : [];
  for (const [index, each] of several.entries()) check(each, `initial_options/${index}`);
});

export const optionsOrGroups = rule((element, pointer, report) => {
  if ((element['options'] === undefined) === (element['option_groups'] === undefined)) {
    report(failed(pointer, 'must provide exactly one of options or option_groups'));
  }
});

const slackFile = all(
  shape({}, { url: link(3000), id: text({ max: 255 }) }),
  rule((file, pointer, report) => {
    if ((file['url'] === undefined) === (file['id'] === undefined)) {
      report(failed(pointer, 'must provide exactly one of url or id'));
    }
  }),
);

export const imageFields = { image_url: link(3000), slack_file: slackFile };
export const hasOneImage = rule((image, pointer, report) => {
  if ((image['image_url'] === undefined) === (image['slack_file'] === undefined)) {
    report(failed(pointer, 'must provide exactly one of image_url or slack_file'));
  }
});

export const imageElement = all(
  shape({ type: oneOf('image'), alt_text: text({ max: 2000 }) }, imageFields),
  hasOneImage,
);
