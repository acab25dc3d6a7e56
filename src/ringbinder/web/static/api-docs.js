// Shows the API's own document; nothing is fetched from anywhere else.
window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    displayOperationId: true,
    docExpansion: "list",
    persistAuthorization: false,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
});
