using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>
/// What <c>latest.json</c> says: the snapshot that all instances are to use, and those that are kept beside it. It never changes but as a
/// whole, under its ETag.
/// </summary>
public sealed record LatestSnapshot
{
    /// <summary>How many snapshots are kept, the one in use included.</summary>
    public const int Kept = 3;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { MaxDepth = 8, WriteIndented = true };

    public required PublishedSnapshot Current { get; init; }

    /// <summary>The others that are kept, newest first. After a roll-back newer ones are among them.</summary>
    public required IReadOnlyList<PublishedSnapshot> Previous { get; init; }

    /// <summary>Whether an operator has rolled back to <see cref="Current"/>: then a refresh keeps what it builds beside it.</summary>
    public bool IsPinned { get; init; }

    public IEnumerable<PublishedSnapshot> All => [Current, .. Previous];

    /// <summary>The last built of all.</summary>
    public PublishedSnapshot Newest => All.MaxBy(snapshot => snapshot.BuiltAt)!;

    /// <summary>With another snapshot in use, and pinned to it or not.</summary>
    public LatestSnapshot Using(PublishedSnapshot snapshot, bool pinned) =>
        new() { Current = snapshot, Previous = Others(All, snapshot), IsPinned = pinned };

    /// <summary>With another snapshot kept beside the one in use.</summary>
    public LatestSnapshot Keeping(PublishedSnapshot snapshot) => this with { Previous = Others([snapshot, .. Previous], Current) };

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(
        new Wire(Current.Id, Current.BuiltAt, Current.Size, Current.Format, IsPinned, Previous), Form);

    /// <summary>Reads it; null if it is none.</summary>
    internal static LatestSnapshot? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<Wire>(json, Form) is { } wire
                && new PublishedSnapshot(wire.Id ?? "", wire.BuiltAt, wire.Size, wire.Format) is { IsSound: true } current
                && wire.Previous?.All(snapshot => snapshot is { IsSound: true }) != false
                ? new LatestSnapshot { Current = current, Previous = Others(wire.Previous ?? [], current), IsPinned = wire.Pinned }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IReadOnlyList<PublishedSnapshot> Others(IEnumerable<PublishedSnapshot> all, PublishedSnapshot current) =>
    [
        .. all.Where(snapshot => snapshot.Id != current.Id).DistinctBy(snapshot => snapshot.Id).OrderByDescending(snapshot => snapshot.BuiltAt)
            .Take(Kept - 1),
    ];

    private sealed record Wire(
        string? Id,
        DateTimeOffset BuiltAt,
        long Size,
        uint Format,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Pinned,
        IReadOnlyList<PublishedSnapshot>? Previous);
}
