using ImageScan.Core.Results;
using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Scans.Search;

/// <summary>
/// The terms about findings: an image is found if one of its findings fits all of them, as StackRox joins its tables. Each list holds the values of
/// one term, of which one must fit; null where that is not asked for.
/// </summary>
internal sealed record FindingTerms
{
    /// <summary>What is asked of severity, fix and score.</summary>
    public IReadOnlyList<Func<FindingKind, bool>> Kinds { get; init; } = [];

    public IReadOnlyList<TextTest>? Cves { get; init; }

    public IReadOnlyList<TextTest>? Components { get; init; }

    public IReadOnlyList<TextTest>? Versions { get; init; }

    /// <summary>Whether nothing is asked of findings.</summary>
    public bool IsEmpty => Kinds.Count == 0 && NeedNoTerms;

    /// <summary>Whether the kinds of findings in a row of the list are enough.</summary>
    public bool NeedNoTerms => Cves is null && Components is null && Versions is null;

    /// <summary>Which terms lead to the images; the others are looked at where those lead.</summary>
    public (TermKind Kind, IReadOnlyList<TextTest> Values)? Leading =>
        Cves is not null && Cves.All(value => value.IsRange) ? (TermKind.Cve, Cves)
        : Cves is null && Components is not null && Components.All(value => value.IsRange) ? (TermKind.Component, Components)
        : null;

    public bool Fits(FindingKinds kinds) => Kinds.Count == 0 || kinds.Any(FitsKind);

    public bool Fits(TermOccurrence occurrence) =>
        (Cves is null || Cves.Any(value => value.Fits(occurrence.Cve)))
        && (Components is null || Components.Any(value => value.Fits(occurrence.Component)))
        && (Versions is null || Versions.Any(value => value.Fits(occurrence.Version)))
        && (Kinds.Count == 0 || (occurrence.Kind is { } kind && FitsKind(kind)));

    private bool FitsKind(FindingKind kind) => Kinds.All(fits => fits(kind));
}
