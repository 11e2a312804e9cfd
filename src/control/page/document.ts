/** The page: only what stands still. Figures are filled in by `main.js`. */
export const DOCUMENT: string = String.raw`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Shopfloor</title>
  <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='%230f766e'%3E%3Crect x='1' y='2' width='14' height='3' rx='1.5'/%3E%3Crect x='1' y='6.5' width='9' height='3' rx='1.5'/%3E%3Crect x='1' y='11' width='12' height='3' rx='1.5'/%3E%3C/g%3E%3C/svg%3E">
  <link rel="stylesheet" href="/page/style.css">
  <script type="module" src="/page/main.js"></script>
</head>
<body>
  <a class="skip" href="#lines-title">Skip to the lines</a>
  <header>
    <div class="title">
      <h1 id="name">Shopfloor</h1>
      <p id="about" class="quiet">A factory</p>
    </div>
    <div class="controls">
      <p id="state" class="pill" role="status" data-state="connecting">connecting</p>
      <button id="pause" type="button" disabled>Pause</button>
      <button id="resume" type="button" disabled>Resume</button>
    </div>
  </header>
  <main>
    <p id="trouble" class="trouble" role="alert" hidden></p>

    <section class="rate" aria-labelledby="rate-title">
      <div>
        <h2 id="rate-title" class="quiet">Items per second</h2>
        <p id="items" class="large">–</p>
        <p id="range" class="quiet"></p>
      </div>
      <svg id="history" viewBox="0 0 900 100" preserveAspectRatio="none" role="img" aria-label="Items per second, no history yet">
        <path class="area" d=""/><path class="curve" d=""/>
      </svg>
    </section>

    <dl class="figures" aria-label="Figures of the last second">
      <div class="figure"><dt>Products per second</dt><dd id="products">–</dd></div>
      <div class="figure"><dt>Latency p50 / p99</dt><dd id="latency">–</dd></div>
      <div class="figure"><dt>Live workers</dt><dd id="workers">–</dd></div>
      <div class="figure"><dt>Memory</dt><dd id="memory">–</dd></div>
      <div class="figure"><dt>Committed epoch</dt><dd id="epoch">–</dd></div>
    </dl>

    <section class="advice" aria-labelledby="bottleneck" data-level="none">
      <h2 id="bottleneck">Bottleneck: not known yet</h2>
      <p id="advice" role="status">The operator's first report comes within a second of opening.</p>
    </section>

    <section aria-labelledby="lines-title">
      <h2 id="lines-title" tabindex="-1">Lines</h2>
      <p class="quiet" id="source">Batches on their way to each workshop.</p>
      <ul id="lines" class="lines"></ul>
    </section>

    <section aria-labelledby="workshops-title">
      <h2 id="workshops-title">Workshops</h2>
      <div class="scroll" role="region" aria-labelledby="workshops-title" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Workshop</th>
              <th scope="col" class="bar">Busy</th>
              <th scope="col">Items/s</th>
              <th scope="col">Workers</th>
              <th scope="col">Turn p50</th>
              <th scope="col">Turn p99</th>
              <th scope="col">On belts</th>
              <th scope="col">Restarts</th>
            </tr>
          </thead>
          <tbody id="workshops"></tbody>
        </table>
      </div>
    </section>

    <section aria-labelledby="warehouse-title">
      <h2 id="warehouse-title">Warehouse</h2>
      <p class="quiet" id="stock">Products waiting for delivery.</p>
      <div class="scroll" role="region" aria-labelledby="warehouse-title" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col" class="bar">Waiting</th>
              <th scope="col">Oldest</th>
              <th scope="col">Delivered</th>
              <th scope="col">Last delivery</th>
              <th scope="col">Sink</th>
            </tr>
          </thead>
          <tbody id="warehouse"></tbody>
        </table>
      </div>
    </section>
  </main>
  <footer class="quiet" id="totals"></footer>

  <dialog id="ask" aria-labelledby="ask-title">
    <form method="dialog">
      <h2 id="ask-title">This factory asks for a token</h2>
      <label for="token">Token</label>
      <input id="token" type="password" autocomplete="off" required>
      <p class="quiet" id="ask-hint">It is kept by this page alone, and forgotten when the page is closed.</p>
      <button type="submit" class="first">Continue</button>
    </form>
  </dialog>
  <noscript><p class="trouble">This page needs JavaScript. The same figures are at /v1/inspections/latest.</p></noscript>
</body>
</html>
`;
