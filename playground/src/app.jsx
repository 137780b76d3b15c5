import './workers.js';
import 'monaco-graphql/esm/monaco-editor.js';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import 'graphiql/graphiql.css';
import '../small/bar.css';
import './app.css';

import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { GraphiQLProvider, pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

import {
  NOBODY, OTHER, authorization, describe, load, operationType, showLanguage, storeLanguage, storeViewer,
  storedLanguage, storedViewer,
} from '../small/session.js';
import { TEXT } from '../small/text.js';
import { fetcherFor } from './fetcher.js';

const PLUGINS = [DOC_EXPLORER_PLUGIN];
const FIRST_DOCUMENT = `# 从“示例”中选择，或在此书写查询。
# Ctrl+Enter 运行。
#
# Choose one of the examples,
# or write a query here.
# Ctrl+Enter runs it.

{
  __typename
}
`;

// Documents and variables may name people: they live as long as the browser tab. Only the theme stays.
const STORAGE = {
  getItem: (key) => storageOf(key).getItem(key),
  setItem: (key, value) => storageOf(key).setItem(key, value),
  removeItem: (key) => storageOf(key).removeItem(key),
  clear: () => sessionStorage.clear(),
  get length() {
    return sessionStorage.length;
  },
};

function storageOf(key) {
  return key === 'graphiql:theme' ? localStorage : sessionStorage;
}

const Page = createContext(null);

function App({ credentials, groups, examples }) {
  const [language, setLanguage] = useState(storedLanguage);
  const [viewer, setViewer] = useState(() => storedViewer(credentials));
  const bearer = authorization(viewer, credentials);
  // A new fetcher makes GraphiQL read the schema again, as the new viewer sees it.
  const fetcher = useMemo(() => fetcherFor(bearer), [bearer]);

  useEffect(() => storeLanguage(language), [language]);
  useEffect(() => storeViewer(viewer), [viewer]);

  const page = { credentials, groups, examples, language, setLanguage, viewer, setViewer, bearer, text: TEXT[language] };
  return (
    <Page value={page}>
      <GraphiQLProvider
        fetcher={fetcher}
        plugins={PLUGINS}
        referencePlugin={DOC_EXPLORER_PLUGIN}
        storage={STORAGE}
        shouldPersistHeaders={false}
        defaultQuery={FIRST_DOCUMENT}
      >
        <DocExplorerStore>
          <Bar />
          <GraphiQLInterface defaultEditorToolsVisibility="variables" showPersistHeadersSettings={false}>
            <GraphiQL.Logo> </GraphiQL.Logo>
          </GraphiQLInterface>
        </DocExplorerStore>
      </GraphiQLProvider>
    </Page>
  );
}

function Bar() {
  const { text, bearer } = useContext(Page);
  const { stop } = useGraphiQLActions();
  // A running subscription belongs to the viewer who started it.
  useEffect(() => stop, [bearer, stop]);

  return (
    <header className="bar">
      <h1 className="brand">
        <img src="playground/small/icon.svg" alt="" width="28" height="28" />
        工图 <span lang="en">Gongtu</span>
      </h1>
      <Examples />
      <p className="tagline">{text.tagline}</p>
      <Viewer />
      <a className="light" href="./?small">{text.lightPage}</a>
      <Languages />
    </header>
  );
}

function Languages() {
  const { language, setLanguage, text } = useContext(Page);
  const button = (value, lang, name) => (
    <button type="button" lang={lang} aria-pressed={language === value} onClick={() => setLanguage(value)}>
      {name}
    </button>
  );
  return (
    <div className="languages" role="group" aria-label={text.language}>
      {button('zh', 'zh-CN', '中文')}
      {button('en', 'en', 'English')}
    </div>
  );
}

function Viewer() {
  const { credentials, viewer, setViewer, text } = useContext(Page);
  return (
    <>
      {credentials.length > 0 && (
        <label className="field">
          <span>{text.viewer}</span>
          <select value={viewer.choice} onChange={({ target }) => setViewer({ ...viewer, choice: target.value })}>
            {credentials.map((it) => (
              <option key={it.name} value={it.name}>{describe(it)}</option>
            ))}
            <option value={OTHER}>{text.otherToken}</option>
            <option value={NOBODY}>{text.nobody}</option>
          </select>
        </label>
      )}
      {viewer.choice === OTHER && <Token />}
    </>
  );
}

/** Taken over when the field is left or Enter is pressed: a schema read for each letter would be too many. */
function Token() {
  const { viewer, setViewer, text } = useContext(Page);
  const [token, setToken] = useState(viewer.token);
  const accept = () => token !== viewer.token && setViewer({ ...viewer, token });
  return (
    <label className="field">
      <span>{text.token}</span>
      <input
        className="secret"
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        title={text.tokenHint}
        value={token}
        onChange={({ target }) => setToken(target.value)}
        onBlur={accept}
        onKeyDown={({ key }) => key === 'Enter' && accept()}
      />
    </label>
  );
}

function Examples() {
  const { groups, examples, language, text } = useContext(Page);
  const [wanted, setWanted] = useState('');
  const [isOpen, setOpen] = useState(false);
  const panel = useRef(null);
  const openExample = useOpenExample();
  const isReady = useGraphiQL((state) => Boolean(state.queryEditor && state.variableEditor));

  const choose = (example) => {
    panel.current.hidePopover();
    // On a phone the documentation covers the editor; its own button is the only way to close it.
    if (matchMedia('(max-width: 760px)').matches) document.querySelector('.graphiql-sidebar .active')?.click();
    openExample(example);
  };

  // A link such as `/#workers-of-a-division` opens that example.
  useEffect(() => {
    const linked = examples.find((it) => `#${it.name}` === location.hash);
    if (isReady && linked) openExample(linked);
  }, [isReady]);

  const shown = groups
    .map((group) => ({ ...group, examples: group.examples.filter((it) => isWanted(it, group, wanted)) }))
    .filter((group) => group.examples.length > 0);
  return (
    <>
      <button type="button" className="primary" popoverTarget="examples" aria-expanded={isOpen}>
        {text.examples}
      </button>
      <section
        id="examples"
        popover="auto"
        ref={panel}
        aria-label={text.examples}
        onToggle={({ newState }) => setOpen(newState === 'open')}
      >
        <div className="find">
          <input
            type="search"
            autoFocus
            value={wanted}
            placeholder={text.findExample}
            aria-label={text.findExample}
            onChange={({ target }) => setWanted(target.value)}
          />
          <button type="button" popoverTarget="examples" popoverTargetAction="hide" aria-label={text.close}>×</button>
        </div>
        <div className="groups">
          {shown.length === 0 && <p className="note">{text.noExample}</p>}
          {shown.map((group) => (
            <section key={group.kind}>
              <h2>{group[language]}</h2>
              <ul>
                {group.examples.map((it) => (
                  <li key={it.name}>
                    <ExampleButton example={it} onChoose={choose} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </section>
    </>
  );
}

function ExampleButton({ example, onChoose }) {
  const { language, text } = useContext(Page);
  const type = operationType(example.query);
  return (
    <button type="button" title={`${example.title.zh} / ${example.title.en}`} onClick={() => onChoose(example)}>
      <span className="title">{example.title[language]}</span>
      {type !== 'query' && <span className={`type ${type}`}>{text[type]}</span>}
      {example.note && <span className="note">{example.note[language]}</span>}
    </button>
  );
}

/** Opens an example in a tab of its own, or the tab that already shows it. */
function useOpenExample() {
  const { addTab, changeTab, setOperationName, stop, updateActiveTabValues } = useGraphiQLActions();
  const { tabs, activeTabIndex, queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'queryEditor', 'variableEditor', 'responseEditor'),
  );
  return ({ name, query, variables: values }) => {
    const variables = Object.keys(values).length ? JSON.stringify(values, null, 2) : '';
    const open = tabs.findIndex((tab) => tab.query === query && (tab.variables ?? '') === variables);
    history.replaceState(null, '', `#${name}`);
    stop();
    if (open >= 0) {
      if (open !== activeTabIndex) changeTab(open);
      return;
    }

    const current = tabs[activeTabIndex]?.query?.trim();
    if (current && current !== FIRST_DOCUMENT.trim()) addTab();
    const operationName = /\b(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? null;
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
    responseEditor?.setValue('');
    setOperationName(operationName);
    updateActiveTabValues({ query, variables, operationName, response: null });
  };
}

function isWanted({ name, title, note, query }, group, wanted) {
  const text = [name, title.en, title.zh, note?.en, note?.zh, group.en, group.zh, query].join('\n').toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

showLanguage(storedLanguage());
const root = createRoot(document.getElementById('root'));
load().then(
  (page) => root.render(<App {...page} />),
  (problem) => root.render(<p className="notice" role="alert">{TEXT[storedLanguage()].loadFailed + problem.message}</p>),
);
