using System.Text.Json;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>One CloudEvent (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md), as far as it matters here.</summary>
internal sealed record CloudEvent(string Type, string Source, JsonElement Data)
{
    /// <summary>
    /// The events of a request in any of the three modes: binary, structured and batched
    /// (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3-http-message-mapping); null in place of what is no
    /// event.
    /// </summary>
    public static IEnumerable<CloudEvent?> In(WebhookMessage message) =>
        message.Headers.ContainsKey("ce-specversion") ? [InHeaders(message.Headers, message.Body)]
        : message.Body.ValueKind == JsonValueKind.Array ? message.Body.EnumerateArray().Select(Of)
        : [Of(message.Body)];

    /// <summary>An event as one JSON object; null if it has no version or no type.</summary>
    public static CloudEvent? Of(JsonElement element)
    {
        if (Attribute(element, "specversion").Text() is null || Attribute(element, "type").Text() is not { Length: > 0 } type)
        {
            return null;
        }

        return new CloudEvent(type, Attribute(element, "source").Text() ?? "", DataOf(element));
    }

    /// <summary>
    /// A member whatever the case of its name: names are in small letters, but Event Grid has written <c>specVersion</c>
    /// (examples/cloud-events-schema/image_deleted.json in
    /// https://github.com/Azure/azure-rest-api-specs/tree/main/specification/eventgrid/data-plane/Microsoft.ContainerRegistry/stable/2018-01-01).
    /// </summary>
    public static JsonElement Attribute(JsonElement element, string name) =>
        element.Member(name) is { ValueKind: not JsonValueKind.Undefined } exact
            ? exact
            : element.Members().FirstOrDefault(member => string.Equals(member.NameText(), name, StringComparison.OrdinalIgnoreCase)).Value;

    private static CloudEvent? InHeaders(IHeaderDictionary headers, JsonElement data) =>
        ValueOf(headers, "ce-type") is { Length: > 0 } type ? new CloudEvent(type, ValueOf(headers, "ce-source"), data) : null;

    // Values are percent-encoded (section 3.1.3.2 of the HTTP binding); what is no escape stays as it is.
    private static string ValueOf(IHeaderDictionary headers, string name) => Uri.UnescapeDataString(headers[name].ToString());

    // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
    private static JsonElement DataOf(JsonElement element)
    {
        JsonElement data = Attribute(element, "data");
        return data.ValueKind == JsonValueKind.Undefined && Attribute(element, "data_base64").Text() is string text ? EmbeddedJson.InBase64(text) : data;
    }
}
