// Raised when a test or the demo page asks for what no person could do.

/** No such button, a message the person cannot see, an option that is not in the menu. */
export class ImpossibleAction extends Error {
  override readonly name = 'ImpossibleAction';
}
