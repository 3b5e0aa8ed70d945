using System.Globalization;

namespace ImageScan.Core;

/// <summary>
/// An entry of a list of settings. It knows the number that it was written with, so that messages name what an operator finds: numbers may have gaps, and
/// templates begin at a hundred.
/// </summary>
public abstract record SettingEntry
{
    internal string? Number { get; init; }

    // The number is where it stands and not what it says, so that one that was never filled in is like any other.
    public virtual bool Equals(SettingEntry? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    internal SettingEntry WithNumber(string number) => this with { Number = number };

    /// <summary>Its number; where it was not read from settings, its place in the list.</summary>
    internal string NumberOr(int place) => Number ?? place.ToString(CultureInfo.InvariantCulture);
}
