// Modals and confirm dialogs: native dialogs, so that focus stays inside and everything behind is inert.
import { answerConfirm, closeModal, submitModal } from './acting.js';
import { blocks } from './blocks.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { placeKey } from './state.js';
import { textOf, wordsOf } from './text.js';

/** @import { Page } from './page.js' */
/** @import { SimView } from '../../simulators/slack/control-api.ts' */

/** The topmost modal, and the question asked before a dangerous click. @param {Page} page */
export function dialogs(page) {
  const modals = page.state.view?.modals ?? [];
  const top = modals.at(-1);
  return [top && modal(page, top, modals.length), page.state.confirm && confirm(page, page.state.confirm.dialog)];
}

/** @param {Page} page @param {SimView} one @param {number} depth */
function modal(page, one, depth) {
  const { state } = page;
  const { view } = one;
  const place = { viewId: one.id };
  const key = placeKey(place);
  const busy = state.busy.has(key);
  const failure = state.failures.get(key);
  const problems = { ...one.errors, ...state.problems.get(key) };
  const close = () => void closeModal(page, one.id);
  return h(
    'dialog',
    {
      key: one.id,
      class: 'modal',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-labelledby': `title-${one.id}`,
      'aria-busy': busy || null,
      'data-testid': 'modal',
      'data-view': one.id,
      tabindex: '-1',
      mounted: openDialog,
      updated: focusField,
      leaving: shutDialog,
      onkeydown: escapeTo(close),
      oncancel: refuse,
    },
    h(
      'form',
      {
        class: 'modal-form',
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (view.submit) void submitModal(page, one);
        },
      },
      h(
        'header',
        { class: 'modal-head' },
        depth > 1
          ? h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Back', onclick: close }, icon('back'))
          : null,
        h('h2', { id: `title-${one.id}` }, wordsOf(view.title)),
        h(
          'button',
          { type: 'button', class: 'icon-button modal-x', 'aria-label': 'Close', onclick: close },
          icon('close'),
        ),
      ),
      failure &&
        h(
          'div',
          { class: 'banner', role: 'alert' },
          icon('warn'),
          `We had some trouble connecting. Try again? (${failure})`,
        ),
      h('div', { class: 'modal-body' }, blocks(page, view.blocks, { place, problems })),
      h(
        'footer',
        { class: 'modal-foot' },
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'modal-close', onclick: close },
          view.close ? textOf(state, view.close) : view.submit ? 'Cancel' : 'Close',
        ),
        view.submit &&
          h(
            'button',
            {
              type: 'submit',
              class: `button primary${busy ? ' busy' : ''}`,
              'data-testid': 'modal-submit',
              'aria-busy': busy || null,
              'aria-disabled': busy || null,
            },
            textOf(state, view.submit),
          ),
      ),
    ),
  );
}

/** @param {Page} page @param {any} dialog */
function confirm(page, dialog) {
  const danger = dialog.style === 'danger';
  const no = () => answerConfirm(page, false);
  return h(
    'dialog',
    {
      key: 'confirm',
      class: 'modal confirm',
      role: 'alertdialog',
      'aria-modal': 'true',
      'aria-labelledby': 'confirm-title',
      'aria-describedby': 'confirm-text',
      'data-testid': 'confirm',
      tabindex: '-1',
      mounted: openDialog,
      leaving: shutDialog,
      onkeydown: escapeTo(no),
      oncancel: refuse,
    },
    h(
      'header',
      { class: 'modal-head' },
      h('h2', { id: 'confirm-title' }, wordsOf(dialog.title)),
      h('button', { type: 'button', class: 'icon-button modal-x', 'aria-label': 'Close', onclick: no }, icon('close')),
    ),
    h('div', { class: 'modal-body text', id: 'confirm-text' }, textOf(page.state, dialog.text)),
    h(
      'footer',
      { class: 'modal-foot' },
      h(
        'button',
        { type: 'button', class: 'button', 'data-testid': 'confirm-no', 'data-focus': danger, onclick: no },
        textOf(page.state, dialog.deny),
      ),
      h(
        'button',
        {
          type: 'button',
          class: `button ${danger ? 'danger' : 'primary'}`,
          'data-testid': 'confirm-yes',
          'data-focus': !danger,
          onclick: () => answerConfirm(page, true),
        },
        textOf(page.state, dialog.confirm),
      ),
    ),
  );
}

/** @type {WeakMap<Element, Element | null>} */
const openers = new WeakMap();

/** @param {HTMLDialogElement} el */
function openDialog(el) {
  openers.set(el, document.activeElement);
  el.showModal();
  el.focus();
  focusField(el);
}

/** The first field of a form, once there is one: a modal may open empty and be filled later. What is to be read begins at its top. @param {HTMLElement} el */
function focusField(el) {
  if (document.activeElement !== el) return;
  const field =
    el.querySelector('[data-focus]') ??
    el.querySelector('.block-input :is(input, textarea, select, button)') ??
    el.querySelector('[type=submit]');
  if (field instanceof HTMLElement) field.focus();
}

/** Closing gives the focus back to where it was, or to the composer when that is gone. @param {HTMLDialogElement} el */
function shutDialog(el) {
  const opener = openers.get(el);
  el.close();
  const heir =
    opener?.isConnected && opener !== document.body ? opener : document.querySelector('[data-testid=composer]');
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
}

/** @param {() => void} close */
function escapeTo(close) {
  return (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
}

/** The workspace decides when a view closes, not the browser. @param {Event} event */
function refuse(event) {
  event.preventDefault();
}
