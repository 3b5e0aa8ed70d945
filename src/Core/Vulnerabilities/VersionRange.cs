using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// A span of affected versions, told by the events that begin and end it. Whether a version lies in it is worked out exactly as the
/// schema's evaluation says (https://ossf.github.io/osv-schema/#evaluation).
/// </summary>
/// <param name="Order">By which order its versions are compared.</param>
/// <param name="Events">In the order of the record.</param>
public sealed record VersionRange(RangeOrder Order, IReadOnlyList<RangeEvent> Events)
{
    /// <summary>The order of its versions in an ecosystem; null if nobody knows it.</summary>
    public VersionScheme? SchemeIn(OsvEcosystem ecosystem) =>
        VersionSchemes.For(ecosystem.Name) ?? (Order == RangeOrder.SemVer ? VersionSchemes.For("crates.io") : null);

    /// <summary>Says whether this range holds a version, and which version mends it.</summary>
    /// <param name="version">The installed version.</param>
    /// <param name="scheme">The order of <see cref="Order"/>.</param>
    /// <param name="fixedBy">The version that ends this very span of the range; null if none does, or the last affected one is all that is known.</param>
    public RangeVerdict Holds(string version, VersionScheme scheme, out string? fixedBy)
    {
        // Nine of ten ranges of distributions, without the sorting.
        if (Events is [{ Kind: RangeEventKind.Introduced, Version: "0" }, { Kind: RangeEventKind.Fixed } only])
        {
            bool isVersion = scheme.TryCompare(only.Version, only.Version, out _);
            RangeVerdict simple = !scheme.TryCompare(version, only.Version, out int order) || !isVersion ? RangeVerdict.CannotTell
                : order < 0 ? RangeVerdict.Affected
                : RangeVerdict.NotAffected;
            fixedBy = simple == RangeVerdict.Affected ? only.Version : null;
            return simple;
        }

        fixedBy = null;
        if (TrySort(scheme) is not { } sorted || !TryBeforeLimits(version, scheme, out bool beforeLimits))
        {
            return RangeVerdict.CannotTell;
        }

        bool affected = false;
        RangeEvent? end = null;
        foreach (var point in sorted)
        {
            if (!point.TryPassed(version, scheme, out bool passed))
            {
                return RangeVerdict.CannotTell;
            }

            if (passed)
            {
                affected = point.Kind == RangeEventKind.Introduced;
            }
            else if (point.Kind != RangeEventKind.Introduced)
            {
                end ??= point;
            }
        }

        if (!affected || !beforeLimits)
        {
            return RangeVerdict.NotAffected;
        }

        fixedBy = end is { Kind: RangeEventKind.Fixed } ? end.Version : null;
        return RangeVerdict.Affected;
    }

    // Stable, so that events at the same version keep the order of the record; null if one is no version, for then two cannot be compared.
    private IEnumerable<RangeEvent>? TrySort(VersionScheme scheme)
    {
        RangeEvent[] points = [.. Events.Where(point => point.Kind != RangeEventKind.Limit)];
        return points.All(point => point.TryCompare(point, scheme, out _))
            ? points.OrderBy(point => point, Comparer<RangeEvent>.Create((left, right) => left.TryCompare(right, scheme, out int order) ? order : 0))
            : null;
    }

    private bool TryBeforeLimits(string version, VersionScheme scheme, out bool before)
    {
        bool limited = false;
        before = false;
        foreach (var point in Events)
        {
            if (point.Kind != RangeEventKind.Limit)
            {
                continue;
            }

            limited = true;
            if (point.Version == "*")
            {
                before = true;
            }
            else if (!scheme.TryCompare(version, point.Version, out int order))
            {
                return false;
            }
            else
            {
                before |= order < 0;
            }
        }

        before |= !limited;
        return true;
    }
}

/// <summary>A point of a range.</summary>
/// <param name="Kind">What happens there.</param>
/// <param name="Version">Where; <c>0</c> of an introduction is before every version, <c>*</c> of a limit after every one.</param>
public sealed record RangeEvent(RangeEventKind Kind, string Version)
{
    private bool IsBeforeAll => Kind == RangeEventKind.Introduced && Version == "0";

    /// <summary>Whether a version has this event behind it; false as result if nobody can tell.</summary>
    internal bool TryPassed(string version, VersionScheme scheme, out bool passed)
    {
        passed = true;
        if (IsBeforeAll)
        {
            return true;
        }

        bool comparable = scheme.TryCompare(version, Version, out int order);
        passed = Kind == RangeEventKind.LastAffected ? order > 0 : order >= 0;
        return comparable;
    }

    internal bool TryCompare(RangeEvent other, VersionScheme scheme, out int order)
    {
        if (IsBeforeAll || other.IsBeforeAll)
        {
            order = other.IsBeforeAll.CompareTo(IsBeforeAll);
            return true;
        }

        return scheme.TryCompare(Version, other.Version, out order);
    }
}

public enum RangeEventKind
{
    Introduced,
    Fixed,
    LastAffected,
    Limit,
}

/// <summary>The order that a range's type asks for.</summary>
public enum RangeOrder
{
    Ecosystem,
    SemVer,
}

public enum RangeVerdict
{
    NotAffected,
    Affected,

    /// <summary>A version is none of its scheme.</summary>
    CannotTell,
}
