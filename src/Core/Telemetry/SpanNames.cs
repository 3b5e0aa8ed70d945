namespace ImageScan.Core.Telemetry;

/// <summary>The spans of the app, in the order of a scan; <c>docs/operate.md</c> says what each is.</summary>
public static class SpanNames
{
    /// <summary>Taking a request: what is stored for it, or which job will answer.</summary>
    public const string Dispatch = "scan dispatch";

    /// <summary>The work of one message; the queue's kind follows
    /// (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/#span-name).</summary>
    public const string Process = "process";

    /// <summary>One step of a job, as far as it goes in this process.</summary>
    public const string Step = "scan step";
    public const string Resolve = "scan resolve";
    public const string Plan = "scan plan";
    public const string DealOut = "scan deal-out";
    public const string Layers = "scan layers";

    /// <summary>One layer: waited for, fetched or read.</summary>
    public const string Layer = "scan layer";
    public const string Merge = "scan merge";
    public const string Match = "scan match";

    /// <summary>Until the row is written that makes the scan the stored one.</summary>
    public const string Save = "scan save";
    public const string Signatures = "scan signatures";

    /// <summary>One request to a registry, up to the headers of its answer; each stop of a redirect is one.</summary>
    public const string Registry = "registry request";

    /// <summary>A stored image matched with newer advisories.</summary>
    public const string Rematch = "scan rematch";

    /// <summary>One try to send a notification.</summary>
    public const string Notify = "notify";
}
