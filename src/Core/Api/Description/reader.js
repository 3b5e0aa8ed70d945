// Nothing from elsewhere: no fonts, no telemetry, no proxy for requests, none of Scalar's services.
// https://github.com/scalar/scalar/blob/main/documentation/configuration.md
Scalar.createApiReference('#reader', {
  url: 'openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  persistAuth: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
});
