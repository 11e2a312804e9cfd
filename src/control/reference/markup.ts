import { html, raw } from "hono/html";
import type { Content, JsonSchema, OpenApiDocument, Operation, Parameter } from "../open_api.ts";

const PROBLEM = "application/problem+json";

/** Markup whose values have been escaped. */
type Markup = ReturnType<typeof html>;

/** The whole page: operations by their tags, then the schemas that they name. */
export function pageMarkup({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation }))
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  const ofTag = (tag: string) => operations.filter(({ operation }) => operation.tags?.includes(tag));
  return shell(html`
    <header>
      <h1>${info.title} ${info.version}: endpoints</h1>
      <p>${info.description} <a href="/openapi.json">The same as OpenAPI 3.1</a>.</p>
    </header>
    <div class="columns">
      <nav aria-label="Endpoints">
        ${tags.map((tag) =>
          html`
            <h2>${tag}</h2>
            <ul>${ofTag(tag).map((each) => html`<li>${linkTo(each)}</li>`)}</ul>
          `
        )}
      </nav>
      <main id="main">
        ${tags.map((tag) =>
          html`<section aria-labelledby="${anchor(tag)}">
            <h2 id="${anchor(tag)}">${tag}</h2>
            ${ofTag(tag).map(operationMarkup)}
          </section>`
        )}
        <section aria-labelledby="schemas">
          <h2 id="schemas">schemas</h2>
          ${Object.entries(components.schemas).map(schemaMarkup)}
        </section>
      </main>
    </div>
  `);
}

/** Instead of the page, for whoever has shown no token. */
export function lockMarkup(): string {
  return shell(html`
    <script type="module" src="/docs/token.js"></script>
    <main id="main" class="lock">
      <h1>This factory asks for a token</h1>
      <form id="lock">
        <label for="token">Token</label>
        <input id="token" type="password" autocomplete="off" required autofocus>
        <button>Show the endpoints</button>
        <p id="refusal" role="alert"></p>
      </form>
    </main>
  `);
}

function shell(body: Markup): string {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Shopfloor: endpoints</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/docs/style.css">
      </head>
      <body>
      <a class="skip" href="#main">Skip to the endpoints</a>
      ${body}
      </body>
    </html>
  `.toString();
}

interface Listed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function linkTo({ path, method, operation }: Listed): Markup {
  return html`<a href="#${operation.operationId}"><b data-method="${method}">${method}</b> ${path}</a>`;
}

function operationMarkup({ path, method, operation }: Listed): Markup {
  const { operationId, summary = "", description, parameters = [], requestBody, responses, security } =
    operation;
  return html`<article id="${operationId}" aria-labelledby="${operationId}-title">
    <h3 id="${operationId}-title"><b data-method="${method}">${method}</b> <code>${path}</code></h3>
    <p>${summary}. ${prose(description)} ${security?.length === 0 ? "Needs no token." : ""}</p>
    ${parameters.length === 0 ? "" : parametersMarkup(parameters)}
    ${
    requestBody === undefined ? "" : html`
      <h4>Body</h4>
      <ul>${bodyMarkup(requestBody)}</ul>
    `
  }
    <h4>Answers</h4>
    <dl>${
    Object.entries(responses).map(([status, answer]) =>
      html`
        <dt><code>${status}</code></dt>
        <dd>${prose(answer.description)}<ul>${bodyMarkup(answer)}</ul></dd>
      `
    )
  }</dl>
  </article>`;
}

function parametersMarkup(parameters: readonly Parameter[]): Markup {
  return html`
    <h4>Parameters</h4>
    <dl>${parameters.map(({ name, in: place, required, description, schema }) =>
      html`
        <dt><code>${name}</code></dt>
        <dd>${place}${required ? ", required" : ""}: ${typeMarkup(schema)}. ${prose(description)}</dd>
      `
    )}</dl>
  `;
}

function bodyMarkup({ content = {} }: Content): Markup[] {
  const told = Object.entries(content).filter(([media]) => media !== PROBLEM); // what a problem is, the schema says
  return told.map(([media, { schema }]) => html`<li><code>${media}</code>: ${typeMarkup(schema)}</li>`);
}

function schemaMarkup([name, schema]: readonly [string, JsonSchema]): Markup {
  const properties = Object.entries(schema.properties ?? {});
  return html`
    <article id="schema-${name}" aria-labelledby="schema-${name}-title">
      <h3 id="schema-${name}-title"><code>${name}</code></h3>
      <p>${prose(schema.description)} ${properties.length === 0 ? typeMarkup(schema) : ""}</p>
      <dl>${properties.map(([field, type]) =>
        html`
          <dt><code>${field}</code>${schema.required?.includes(field) ? "" : " (optional)"}</dt>
          <dd>${typeMarkup(type)}. ${prose(type.description)}</dd>
        `
      )}</dl>
    </article>
  `;
}

/** A type in a few words. */
function typeMarkup(schema: JsonSchema | undefined): Markup {
  if (schema === undefined) return html`anything`;
  const { $ref, type, items, anyOf, properties } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf("/") + 1);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (anyOf !== undefined) return joined(anyOf.map(typeMarkup), " or ");
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    return joined(schema.enum.map((value) => html`<code>${String(value)}</code>`), " or ");
  }
  if (type === "array") return html`array of ${typeMarkup(items)}`;
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(([name, each]) =>
      html`<code>${name}</code>: ${typeMarkup(each)}`
    );
    return html`{ ${joined(fields, ", ")} }`;
  }
  return html`${[type ?? "anything"].flat().join(" or ")}`;
}

function joined(parts: readonly Markup[], between: string): Markup {
  return html`${parts.flatMap((part, index) => index === 0 ? [part] : [raw(between), part])}`;
}

/** A description, with code between backticks. */
function prose(text: string = ""): Markup {
  return html`${text.split("`").map((part, index) => index % 2 === 1 ? html`<code>${part}</code>` : part)}`;
}

function anchor(tag: string): string {
  return `tag-${tag.replaceAll(" ", "-")}`;
}
