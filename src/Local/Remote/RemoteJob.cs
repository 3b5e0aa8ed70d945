using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Scans;

namespace ImageScan.Local.Remote;

/// <summary>What <c>GET /v1/scans/{id}</c> says of a scan that works.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Failure">Why it failed, harmless; null unless it has.</param>
internal sealed record RemoteJob(ScanProgress Progress, string? Failure)
{
    private const int MaxWordCharacters = 40;
    private const int MaxMessageCharacters = 1_000;

    /// <summary>Reads it. Throws <see cref="JsonException"/> for what has another form.</summary>
    public static RemoteJob Of(JsonElement job)
    {
        try
        {
            string state = job.GetProperty("state").GetString() ?? "";
            JsonElement[] layers = [.. job.GetProperty("layers").EnumerateArray()];
            JsonElement[] unknown = [.. layers.Where(layer => StateOf(layer) != "KNOWN")];
            var progress = new ScanProgress(
                HostileText.Plain(state, MaxWordCharacters).ToLowerInvariant(),
                layers.Count(layer => StateOf(layer) is "DONE" or "KNOWN"),
                layers.Length,
                unknown.Sum(layer => Number(layer, "bytesRead")),
                unknown.Sum(layer => Number(layer, "size")));
            return new RemoteJob(progress, state == "FAILED" ? FailureOf(job) : null);
        }
        catch (Exception other) when (other is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new JsonException("the answer has not the form of a scan");
        }
    }

    private static string StateOf(JsonElement layer) => layer.GetProperty("state").GetString() ?? "";

    private static string FailureOf(JsonElement job) =>
        job.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object
            ? HostileText.Plain(error.GetProperty("message").GetString() ?? "", MaxMessageCharacters)
            : "it does not say why";

    // Long numbers are strings in the form of protojson.
    private static long Number(JsonElement layer, string name)
    {
        JsonElement number = layer.GetProperty(name);
        return number.ValueKind == JsonValueKind.String ? long.Parse(number.GetString()!, CultureInfo.InvariantCulture) : number.GetInt64();
    }
}
