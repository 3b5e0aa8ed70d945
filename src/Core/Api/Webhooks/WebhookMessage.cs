using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>One request of a webhook, its sender proven. Everything in it is hostile all the same.</summary>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body; read it with <see cref="Images.JsonRead"/>, which takes any shape.</param>
public sealed record WebhookMessage(IHeaderDictionary Headers, JsonElement Body);

/// <summary>What a webhook's request says.</summary>
public sealed record WebhookReading
{
    /// <summary>Nothing that matters here: a ping, an answer of which is enough.</summary>
    public static WebhookReading Ping { get; } = new() { IsPing = true };

    /// <summary>What happened, in the request's order.</summary>
    public IReadOnlyList<RegistryEvent> Events { get; init; } = [];

    /// <summary>How many events were well-formed but none of images: pulls, charts, single layers, other artifacts.</summary>
    public int Ignored { get; init; }

    /// <summary>Whether the sender only wants to know whether somebody is there.</summary>
    public bool IsPing { get; init; }

    /// <summary>The code to be sent back by which the sender learns that its events are wanted here; "" if it asks for none.</summary>
    public string ValidationCode { get; init; } = "";
}
