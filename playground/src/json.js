// Pretty-prints JSON with comments: stands in for prettier's JavaScript parser and printer, which
// GraphiQL loads for this alone and which are larger than all the rest of prettier.
import { applyEdits, format } from 'jsonc-parser';

export const parsers = {
  jsonc: {
    astFormat: 'jsonc-text',
    parse: (text) => ({ text }),
    locStart: () => 0,
    locEnd: ({ text }) => text.length,
  },
};

export const printers = {
  'jsonc-text': {
    print: ({ node: { text } }) => applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2 })),
  },
};
