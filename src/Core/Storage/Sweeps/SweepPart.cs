namespace ImageScan.Core.Storage.Sweeps;

/// <summary>How far one run has come with a part of a sweep.</summary>
/// <param name="Removed">How many things it has removed.</param>
/// <param name="StoppedAt">The last key that it has looked at; null if it came to the end.</param>
public sealed record SweepPart(int Removed, string? StoppedAt);
