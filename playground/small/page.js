// The small page: it needs neither npm nor the internet.
import { TEXT } from './text.js';
import {
  NOBODY, OTHER, authorization, describe, endpoint, load, operationType, showLanguage, socketEndpoint,
  storeLanguage, storeViewer, storedLanguage, storedViewer,
} from './session.js';

const at = (id) => document.getElementById(id);
const text = () => TEXT[language];

let language = storedLanguage();
let page = { credentials: [], groups: [], examples: [], graphiql: false };
let viewer = storedViewer([]);
let running = null;

function show() {
  showLanguage(language);
  for (const it of document.querySelectorAll('[data-text]')) it.textContent = text()[it.dataset.text];
  for (const it of document.querySelectorAll('[data-label]')) it.setAttribute('aria-label', text()[it.dataset.label]);
  for (const it of document.querySelectorAll('[data-title]')) it.title = text()[it.dataset.title];
  for (const it of document.querySelectorAll('[data-language]')) {
    it.setAttribute('aria-pressed', String(it.dataset.language === language));
  }
  at('run').textContent = running ? text().stop : text().run;
  showViewers();
  showExamples();
}

function showViewers() {
  const options = page.credentials.map((it) => new Option(describe(it), it.name));
  options.push(new Option(text().otherToken, OTHER), new Option(text().nobody, NOBODY));
  at('viewer').replaceChildren(...options);
  at('viewer').value = viewer.choice;
  at('viewer-field').hidden = page.credentials.length === 0;
  at('token-field').hidden = viewer.choice !== OTHER;
  at('token').value = viewer.token;
}

function showExamples() {
  const select = at('examples');
  const chosen = select.value;
  const groups = page.groups.map((group) => {
    const element = document.createElement('optgroup');
    element.label = group[language];
    element.append(...group.examples.map((it) => new Option(it.title[language], it.name)));
    return element;
  });
  select.replaceChildren(new Option(text().chooseExample, ''), ...groups);
  select.value = chosen;
  showNote();
}

function showNote() {
  const note = page.examples.find((it) => it.name === at('examples').value)?.note?.[language];
  at('note').textContent = note ?? '';
  at('note').hidden = !note;
}

function openExample(name) {
  const example = page.examples.find((it) => it.name === name);
  showNote();
  if (!example) return;
  at('document').value = example.query;
  at('variables').value = Object.keys(example.variables).length ? JSON.stringify(example.variables, null, 2) : '';
}

function chooseViewer(change) {
  viewer = { ...viewer, ...change };
  storeViewer(viewer);
  at('token-field').hidden = viewer.choice !== OTHER;
  if (running) stop();
}

function stop() {
  running?.abort();
  running = null;
  at('run').textContent = text().run;
}

async function run() {
  if (running) return stop();
  const request = { query: at('document').value };
  try {
    const variables = JSON.parse(at('variables').value.trim() || 'null');
    if (typeof variables !== 'object' || Array.isArray(variables)) throw new Error(Array.isArray(variables) ? 'array' : typeof variables);
    if (variables) request.variables = variables;
  } catch (problem) {
    at('result').textContent = text().badVariables + problem.message;
    return;
  }

  const mine = (running = new AbortController());
  at('run').textContent = text().stop;
  at('result').textContent = '';
  const bearer = authorization(viewer, page.credentials);
  const answer = operationType(request.query) === 'subscription' ? listen : post;
  try {
    await answer(request, bearer, mine.signal);
  } catch (problem) {
    if (!mine.signal.aborted) at('result').textContent = problem.message;
  }
  if (running === mine) stop();
}

async function post(request, bearer, signal) {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9' };
  if (bearer) headers.authorization = bearer;
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(request), signal }).catch((problem) => {
    throw new Error(text().notReached + problem.message);
  });
  const body = await response.text();
  try {
    at('result').textContent = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    throw new Error(`${text().notJson}${response.status}\n${body}`);
  }
}

/** One subscription by the graphql-transport-ws protocol: the newest event comes first. */
function listen(request, bearer, signal) {
  return new Promise((done, fail) => {
    const socket = new WebSocket(socketEndpoint, 'graphql-transport-ws');
    const send = (message) => socket.send(JSON.stringify(message));
    const tell = (payload) => at('result').prepend(`${JSON.stringify(payload, null, 2)}\n\n`);
    const end = () => {
      socket.close(1000);
      done();
    };
    signal.addEventListener('abort', end);
    socket.onopen = () => send({ type: 'connection_init', payload: bearer ? { authorization: bearer } : {} });
    socket.onclose = ({ code, reason }) => {
      if (code === 1000) done();
      else fail(new Error(`${text().socketClosed}${code} ${reason}`));
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      switch (message.type) {
        case 'connection_ack':
          at('result').textContent = text().waiting;
          return send({ id: '1', type: 'subscribe', payload: request });
        case 'ping':
          return send({ type: 'pong' });
        case 'next':
          if (at('result').textContent === text().waiting) at('result').textContent = '';
          return tell(message.payload);
        case 'error':
          tell({ errors: message.payload });
          return end();
        case 'complete':
          return end();
      }
    };
  });
}

at('run').addEventListener('click', run);
at('examples').addEventListener('change', (event) => openExample(event.target.value));
at('viewer').addEventListener('change', (event) => chooseViewer({ choice: event.target.value }));
at('token').addEventListener('change', (event) => chooseViewer({ token: event.target.value }));
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    language = button.dataset.language;
    storeLanguage(language);
    show();
  });
}
for (const id of ['document', 'variables']) {
  at(id).addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  });
}

show();
try {
  page = await load();
  viewer = storedViewer(page.credentials);
  show();
  at('get-full').hidden = page.graphiql;
  at('to-full').hidden = !page.graphiql;
  const first = page.examples.find((it) => `#${it.name}` === location.hash) ?? page.groups[0]?.examples[0];
  if (first && !at('document').value) {
    at('examples').value = first.name;
    openExample(first.name);
  }
} catch (problem) {
  at('result').textContent = text().loadFailed + problem.message;
}
