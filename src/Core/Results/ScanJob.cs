using System.Text.Json.Serialization;
using ImageScan.Core.Images;

namespace ImageScan.Core.Results;

/// <summary>One scan and how far it is, whoever works on it and however many wait for it.</summary>
public sealed record ScanJob
{
    /// <summary>How many further names a job bears: they share a row with all else of it.</summary>
    public const int MaxFurtherNames = 100;

    public required string Id { get; init; }

    /// <summary>What is scanned, as a key: all who ask for the same join the job that is open for it.</summary>
    public required string Target { get; init; }

    /// <summary>The full name of the image, as whoever began the job wrote it.</summary>
    public required string ImageName { get; init; }

    /// <summary>
    /// Further full names under which registries have told of the same image: it has them, too, when the job is done, and is read under one of them if it
    /// cannot be under <see cref="ImageName"/>.
    /// </summary>
    public IReadOnlyList<string> FurtherNames { get; init; } = [];

    /// <summary>The platform asked for, <c>os/architecture[/variant]</c>; "" for the default.</summary>
    public required string Platform { get; init; }

    public required bool Force { get; init; }

    /// <summary>The cluster that does it, by name; "" for this deployment.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Whether nobody waits for it, so that it leaves the way to those somebody waits for.</summary>
    public bool IsBackground { get; init; }

    /// <summary>Whether a registry holds the image back until it hears what was found.</summary>
    public bool AwaitsVerdict { get; init; }

    /// <summary>
    /// The login that came with the request, sealed, for its registry alone; null without one, and once it has ended or is an hour old.
    /// </summary>
    public string? SealedLogin { get; init; }

    public required ScanJobState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody first worked on it; null while it waits.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was done or failed; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Where its layers are read; null until that is decided.</summary>
    public ScanRoute? Route { get; init; }

    /// <summary>Why there, for people; "" until it is decided.</summary>
    public string RouteReason { get; init; } = "";

    /// <summary>
    /// Which process works on it now, and changes the row every few seconds; null while it waits in a queue or for its layers.
    /// </summary>
    public string? Holder { get; init; }

    /// <summary>Counted up by its holder, to show that it is alive.</summary>
    public long Beats { get; init; }

    /// <summary>How often somebody began to work on it.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of these were put off, since the registry did not answer or had not got the image yet; only where nobody waits.</summary>
    public int Rests { get; init; }

    /// <summary>How often its layers were dealt out over the queue.</summary>
    public int FanOuts { get; init; }

    /// <summary>How often it was taken up again after its process had died or its messages were lost.</summary>
    public int Resumptions { get; init; }

    /// <summary>The holders that were silent for too long, latest last: what else they were at needs no second proof.</summary>
    public IReadOnlyList<string> LostHolders { get; init; } = [];

    /// <summary>Whether a caller who waited for it has gone away or was told to come back.</summary>
    public bool Unheard { get; init; }

    /// <summary>Digest under which the result is stored; null until it is done.</summary>
    public string? ResultId { get; init; }

    /// <summary>Why the last try failed, for the caller who waits; null if none has.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What kind of failure it was if the registry was to blame; null if it was not.</summary>
    public RegistryFailure? RegistryFailure { get; init; }

    /// <summary>The image's layers, bottom to top, each once; empty until its manifest is read.</summary>
    public IReadOnlyList<JobLayer> Layers { get; init; } = [];

    /// <summary>What took how long, in order; a step that was done again is there again.</summary>
    public IReadOnlyList<JobPhase> Phases { get; init; } = [];

    /// <summary>The span in which it was begun, as W3C's <c>traceparent</c>: all its work is of that trace. Null if none was open.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Changes with every change of the stored job; "" for one that is not stored.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    /// <summary>When the stored job or one of its layers last changed, by the clock of storage; null for one that is not stored.</summary>
    [JsonIgnore]
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Whether somebody works on it or will.</summary>
    [JsonIgnore]
    public bool IsOpen => State is not (ScanJobState.Done or ScanJobState.Failed);

    /// <summary>Whether the image has that full name when the job is done.</summary>
    public bool HasName(string name) => name == ImageName || FurtherNames.Contains(name);

    /// <summary>The same with names that it may have already, as far as there is place for them; returns itself if it has all.</summary>
    public ScanJob WithNames(IEnumerable<string> names)
    {
        string[] added = [.. names.Where(name => !HasName(name)).Distinct().Take(MaxFurtherNames - FurtherNames.Count)];
        return added.Length == 0 ? this : this with { FurtherNames = [.. FurtherNames, .. added] };
    }
}

public enum ScanJobState
{
    Queued,

    /// <summary>What it is made of is asked for, and layers are read.</summary>
    Reading,

    /// <summary>All layers are read and wait to be put together.</summary>
    Joining,
    Matching,
    Done,
    Failed,
}

/// <summary>Where the unknown layers of a scan are read.</summary>
public enum ScanRoute
{
    /// <summary>There was nothing to read: the answer was stored, or all layers were known.</summary>
    Known,

    /// <summary>In the process that the caller asked.</summary>
    Inline,

    /// <summary>All of them by whoever takes the image's message.</summary>
    Queue,

    /// <summary>Each by whoever takes its message.</summary>
    Layers,
}
