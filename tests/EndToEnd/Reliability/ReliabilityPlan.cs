using System.Globalization;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>How long the app is troubled, and by which dice. The environment may say otherwise, to look further or to see a failure again.</summary>
internal sealed record ReliabilityPlan
{
    public required int Seed { get; init; }

    /// <summary>How many scans are asked for.</summary>
    public required int Scans { get; init; }

    /// <summary>Goes on asking until so much time is over; 0 stops after <see cref="Scans"/>.</summary>
    public double Minutes { get; init; }

    /// <summary>Stops asking after that time, however many scans are left: for a machine that is busy with other things.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.MaxValue / 2;

    public int Images { get; init; } = 40;

    public int Workers { get; init; } = 3;

    public int Callers { get; init; } = 8;

    /// <summary>The plan with <c>RELIABILITY_SEED</c> (a number, or <c>random</c>), <c>RELIABILITY_SCANS</c> and <c>RELIABILITY_MINUTES</c> in it.</summary>
    public ReliabilityPlan FromEnvironment() => this with
    {
        Seed = Variable("SEED") is not { } seed ? Seed : seed == "random" ? Random.Shared.Next() : int.Parse(seed, CultureInfo.InvariantCulture),
        Scans = Variable("SCANS") is { } scans ? int.Parse(scans, CultureInfo.InvariantCulture) : Scans,
        Longest = Variable("SCANS") is null && Variable("MINUTES") is null ? Longest : TimeSpan.MaxValue / 2,
        Minutes = Variable("MINUTES") is { } minutes ? double.Parse(minutes, CultureInfo.InvariantCulture) : Minutes,
    };

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"RELIABILITY_SEED={Seed} RELIABILITY_SCANS={Scans} RELIABILITY_MINUTES={Minutes}");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable($"RELIABILITY_{name}") is { Length: > 0 } value ? value : null;
}
