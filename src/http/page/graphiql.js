
"use strict";
(() => {
    // GraphiQL, if all its files come within this time; otherwise the form, at once when one of them fails.
    const patience = 6000;
    const element = (id) => document.getElementById(id);
    const arrived = new Set();
    let settled = false;

    const files = () => document.querySelectorAll("[data-graphiql]");

    function settle(show) {
        if (settled) return;
        settled = true;
        element("loading").hidden = true;
        show();
    }

    function showForm(why) {
        element("graphiql").hidden = true;
        element("plain").hidden = false;
        element("why").textContent = why;
    }

    // Headers are where a token goes. GraphiQL's history would keep them in the browser even when told not to keep
    // headers, so that it gets a storage that goes with the page.
    function forgetful() {
        const kept = new Map();
        return {
            get length() {
                return kept.size;
            },
            getItem: (key) => kept.get(key) ?? null,
            setItem: (key, value) => void kept.set(key, value),
            removeItem: (key) => void kept.delete(key),
            clear: () => kept.clear(),
        };
    }

    function showGraphiql() {
        try {
            for (const link of document.querySelectorAll("link[data-graphiql]")) link.media = "all";
            element("graphiql").hidden = false;
            const page = React.createElement(GraphiQL, {
                fetcher: GraphiQL.createFetcher({ url: "graphql" }),
                defaultQuery: element("query").value,
                storage: forgetful(),
                defaultEditorToolsVisibility: "headers",
                isHeadersEditorEnabled: true,
                shouldPersistHeaders: false,
                showPersistHeadersSettings: false,
            });
            ReactDOM.createRoot(element("graphiql")).render(page);
        } catch (error) {
            showForm("GraphiQL could not start. This form works without it.");
        }
    }

    function formatted(text) {
        try {
            return JSON.stringify(JSON.parse(text), null, 2);
        } catch (error) {
            return text;
        }
    }

    function report(text, failed) {
        element("status").textContent = text;
        element("status").className = failed ? "failed" : "";
    }

    function question() {
        const asked = { query: element("query").value };
        const variables = element("variables").value.trim();
        if (variables) asked.variables = JSON.parse(variables);
        return JSON.stringify(asked);
    }

    async function ask(body) {
        const headers = {
            "content-type": "application/json",
            accept: "application/graphql-response+json, application/json;q=0.9",
        };
        const token = element("token").value.trim();
        if (token) headers.authorization = "Bearer " + token;
        const started = performance.now();
        const response = await fetch("graphql", { method: "POST", headers, body });
        const text = formatted(await response.text());
        const took = Math.round(performance.now() - started);
        element("answer").textContent = text;
        report(`${response.status} in ${took} ms, request ${response.headers.get("x-request-id")}`, !response.ok);
    }

    async function run(event) {
        event.preventDefault();
        const button = element("form").querySelector("button");
        let body;
        try {
            body = question();
        } catch (error) {
            report("The variables are not JSON: " + error.message, true);
            element("variables").focus();
            return;
        }
        button.disabled = true;
        report("Running …", false);
        try {
            await ask(body);
        } catch (error) {
            report("No answer: " + error.message, true);
        } finally {
            button.disabled = false;
        }
    }

    function begin() {
        element("form").addEventListener("submit", run);
        element("form").addEventListener("keydown", (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element("form").requestSubmit();
        });
        if (files().length === 0) return settle(() => showForm(""));
        element("plain").hidden = true;
        element("loading").hidden = false;
        setTimeout(() => settle(() => showForm("GraphiQL did not arrive in time. This form works without it.")), patience);
        check();
    }

    function check() {
        const all = document.readyState !== "loading" && [...files()].every((file) => arrived.has(file));
        if (all) settle(showGraphiql);
    }

    let failed = false;
    const ours = (event) => event.target instanceof Element && event.target.hasAttribute("data-graphiql");
    const giveUp = () => settle(() => showForm("GraphiQL could not be loaded. This form works without it."));

    document.addEventListener("load", (event) => {
        if (!ours(event)) return;
        arrived.add(event.target);
        check();
    }, true);
    document.addEventListener("error", (event) => {
        if (!ours(event)) return;
        failed = true;
        if (document.readyState !== "loading") giveUp();
    }, true);
    // Before the deferred scripts have come: they may take for ever.
    document.addEventListener("readystatechange", () => {
        if (document.readyState !== "interactive") return;
        begin();
        if (failed) giveUp();
    });
})();
