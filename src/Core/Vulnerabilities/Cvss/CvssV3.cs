using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>
/// A CVSS 3.0 or 3.1 base vector, its metrics and its scores (https://www.first.org/cvss/v3.1/specification-document). All of it
/// follows from the vector, so <see cref="TryParse"/> brings back what was stored as <paramref name="Vector"/> alone.
/// </summary>
/// <param name="Vector">As its author wrote it, <c>CVSS:3.1/</c> included.</param>
/// <param name="Score">Base score, 0.0 to 10.0.</param>
/// <param name="ExploitabilityScore">Rounded to 0.1.</param>
/// <param name="ImpactScore">Rounded to 0.1; 0 where the formula falls below.</param>
public sealed record CvssV3(string Vector, float Score, float ExploitabilityScore, float ImpactScore)
{
    private const string Prefix30 = "CVSS:3.0/";
    private const string Prefix31 = "CVSS:3.1/";

    // Temporal and environmental metrics may follow; they do not touch the base score.
    private static readonly CvssGrammar Grammar = new(
        8,
        "AV:L,A,N,P",
        "AC:L,H",
        "PR:N,L,H",
        "UI:N,R",
        "S:U,C",
        "C:N,L,H",
        "I:N,L,H",
        "A:N,L,H",
        "E:X,U,P,F,H",
        "RL:X,O,T,W,U",
        "RC:X,U,R,C",
        "CR:X,L,M,H",
        "IR:X,L,M,H",
        "AR:X,L,M,H",
        "MAV:X,N,A,L,P",
        "MAC:X,L,H",
        "MPR:X,N,L,H",
        "MUI:X,N,R",
        "MS:X,U,C",
        "MC:X,N,L,H",
        "MI:X,N,L,H",
        "MA:X,N,L,H");

    // Weights of section 7.4 of the specification.
    private static readonly double[] AttackVectorWeights = [0.55, 0.62, 0.85, 0.2];
    private static readonly double[] AttackComplexityWeights = [0.77, 0.44];
    private static readonly double[] PrivilegesWeights = [0.85, 0.62, 0.27];
    private static readonly double[] PrivilegesWeightsOfChangedScope = [0.85, 0.68, 0.5];
    private static readonly double[] UserInteractionWeights = [0.85, 0.62];
    private static readonly double[] ImpactWeights = [0, 0.22, 0.56];

    public CvssV3AttackVector AttackVector { get; init; }

    public CvssV3AttackComplexity AttackComplexity { get; init; }

    public CvssV3Privileges PrivilegesRequired { get; init; }

    public CvssV3UserInteraction UserInteraction { get; init; }

    public CvssV3Scope Scope { get; init; }

    public CvssV3Impact Confidentiality { get; init; }

    public CvssV3Impact Integrity { get; init; }

    public CvssV3Impact Availability { get; init; }

    /// <summary>The band of the score (section 5): NONE 0, LOW to 3.9, MEDIUM to 6.9, HIGH to 8.9, CRITICAL to 10.</summary>
    public CvssV3Severity Severity => SeverityOf(Score);

    /// <summary>The band of a score; 3.0, 3.1 and 4.0 share it.</summary>
    public static CvssV3Severity SeverityOf(float score) => score switch
    {
        <= 0f => CvssV3Severity.None,
        < 4.0f => CvssV3Severity.Low,
        < 7.0f => CvssV3Severity.Medium,
        < 9.0f => CvssV3Severity.High,
        _ => CvssV3Severity.Critical,
    };

    /// <summary>
    /// Reads <c>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H</c> (or 3.0) and scores it. False without the prefix, for an unknown or
    /// repeated metric and for a base metric left out.
    /// </summary>
    public static bool TryParse(string? vector, [NotNullWhen(true)] out CvssV3? cvss)
    {
        cvss = null;
        if (vector is null)
        {
            return false;
        }

        bool is31 = vector.StartsWith(Prefix31, StringComparison.Ordinal);
        Span<int> chosen = stackalloc int[Grammar.MetricCount];
        if ((!is31 && !vector.StartsWith(Prefix30, StringComparison.Ordinal))
            || !Grammar.TryRead(vector.AsSpan(Prefix31.Length), chosen))
        {
            return false;
        }

        cvss = Scored(vector, is31 ? RoundUp31 : RoundUp30, chosen);
        return true;
    }

    private static CvssV3 Scored(string vector, Func<double, double> roundUp, ReadOnlySpan<int> chosen)
    {
        var scope = (CvssV3Scope)chosen[4];
        double[] privileges = scope == CvssV3Scope.Changed ? PrivilegesWeightsOfChangedScope : PrivilegesWeights;

        double exploitability = 8.22 * AttackVectorWeights[chosen[0]] * AttackComplexityWeights[chosen[1]]
            * privileges[chosen[2]] * UserInteractionWeights[chosen[3]];
        double subScore = 1 - ((1 - ImpactWeights[chosen[5]]) * (1 - ImpactWeights[chosen[6]]) * (1 - ImpactWeights[chosen[7]]));
        double impact = scope == CvssV3Scope.Changed
            ? (7.52 * (subScore - 0.029)) - (3.25 * Math.Pow(subScore - 0.02, 15))
            : 6.42 * subScore;
        double sum = (exploitability + impact) * (scope == CvssV3Scope.Changed ? 1.08 : 1);
        double score = impact <= 0 ? 0 : roundUp(Math.Min(sum, 10));

        return new CvssV3(vector, (float)score, Rounded(exploitability), Rounded(Math.Max(0, impact)))
        {
            AttackVector = (CvssV3AttackVector)chosen[0],
            AttackComplexity = (CvssV3AttackComplexity)chosen[1],
            PrivilegesRequired = (CvssV3Privileges)chosen[2],
            UserInteraction = (CvssV3UserInteraction)chosen[3],
            Scope = scope,
            Confidentiality = (CvssV3Impact)chosen[5],
            Integrity = (CvssV3Impact)chosen[6],
            Availability = (CvssV3Impact)chosen[7],
        };
    }

    // 3.0 takes the ceiling of the floating-point value as it is, dust of the last digits included (section 8.1 of 3.0).
    private static double RoundUp30(double value) => Math.Ceiling(value * 10) / 10;

    // 3.1 first drops that dust, so that 4.000000001 stays 4.0 (appendix A of 3.1).
    private static double RoundUp31(double value)
    {
        int hundredThousandths = (int)Math.Round(value * 100_000, MidpointRounding.AwayFromZero);
        return hundredThousandths % 10_000 == 0
            ? hundredThousandths / 100_000.0
            : ((hundredThousandths / 10_000) + 1) / 10.0;
    }

    private static float Rounded(double score) => (float)(Math.Round(score * 10, MidpointRounding.AwayFromZero) / 10);
}

/// <summary>AV. The numbers, here and below, are those of StackRox's CVSSV3.</summary>
public enum CvssV3AttackVector
{
    Local = 0,
    Adjacent = 1,
    Network = 2,
    Physical = 3,
}

/// <summary>AC.</summary>
public enum CvssV3AttackComplexity
{
    Low = 0,
    High = 1,
}

/// <summary>PR.</summary>
public enum CvssV3Privileges
{
    None = 0,
    Low = 1,
    High = 2,
}

/// <summary>UI.</summary>
public enum CvssV3UserInteraction
{
    None = 0,
    Required = 1,
}

/// <summary>S.</summary>
public enum CvssV3Scope
{
    Unchanged = 0,
    Changed = 1,
}

/// <summary>C, I and A.</summary>
public enum CvssV3Impact
{
    None = 0,
    Low = 1,
    High = 2,
}

/// <summary>The band of a base score.</summary>
public enum CvssV3Severity
{
    Unknown = 0,
    None = 1,
    Low = 2,
    Medium = 3,
    High = 4,
    Critical = 5,
}
