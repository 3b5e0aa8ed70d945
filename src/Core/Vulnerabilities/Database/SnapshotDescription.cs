namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What a snapshot holds and how old it is.</summary>
public sealed record SnapshotDescription
{
    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>The latest <c>modified</c> of its advisories; null if it has none.</summary>
    public DateTimeOffset? NewestRecord { get; init; }

    /// <summary>Whether texts were left out.</summary>
    public required bool FactsOnly { get; init; }

    public required int Advisories { get; init; }

    /// <summary>Packages of an ecosystem that at least one advisory is about.</summary>
    public required int Packages { get; init; }

    /// <summary>CVEs with dates or vectors of the CVE list.</summary>
    public required int Cves { get; init; }

    /// <summary>Where the advisories came from, ordered by name.</summary>
    public required IReadOnlyList<SnapshotSource> Sources { get; init; }

    /// <summary>Advisories per ecosystem and release, ordered by name.</summary>
    public required IReadOnlyList<EcosystemCount> Ecosystems { get; init; }
}

/// <summary>A source of a snapshot.</summary>
/// <param name="Name">An archive, without folders of the machine that read it.</param>
/// <param name="Advisories">Records it gave to the snapshot.</param>
/// <param name="NewestRecord">The latest <c>modified</c> among them.</param>
public sealed record SnapshotSource(string Name, int Advisories, DateTimeOffset? NewestRecord);

/// <summary>How many advisories a snapshot has for an ecosystem, <c>Debian:11</c>, and how new they are.</summary>
/// <param name="Ecosystem">The ecosystem, its release included.</param>
/// <param name="Advisories">Advisories about it.</param>
/// <param name="NewestRecord">The latest <c>modified</c> among them; null if it is not known.</param>
public sealed record EcosystemCount(string Ecosystem, int Advisories, DateTimeOffset? NewestRecord = null);
