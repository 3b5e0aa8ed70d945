namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>
/// Scores of CVSS 4.0 vectors (https://www.first.org/cvss/v4.0/specification-document, section 8): the score of the vector's macro
/// vector, lowered by how far the vector lies from the worst vector of the same macro vector. Threat and environmental metrics count
/// where they are given. The bands are those of <see cref="CvssV3.SeverityOf"/>.
/// </summary>
public static class CvssV4
{
    private const string Prefix = "CVSS:4.0/";

    // Values stand from worst to best, so that an index is a level; X stands last.
    private static readonly CvssGrammar Grammar = new(
        11,
        "AV:N,A,L,P",
        "AC:L,H",
        "AT:N,P",
        "PR:N,L,H",
        "UI:N,P,A",
        "VC:H,L,N",
        "VI:H,L,N",
        "VA:H,L,N",
        "SC:H,L,N",
        "SI:H,L,N",
        "SA:H,L,N",
        "MAV:N,A,L,P,X",
        "MAC:L,H,X",
        "MAT:N,P,X",
        "MPR:N,L,H,X",
        "MUI:N,P,A,X",
        "MVC:H,L,N,X",
        "MVI:H,L,N,X",
        "MVA:H,L,N,X",
        "MSC:H,L,N,X",
        "MSI:S,H,L,N,X",
        "MSA:S,H,L,N,X",
        "E:A,P,U,X",
        "CR:H,M,L,X",
        "IR:H,M,L,X",
        "AR:H,M,L,X",
        "S:X,N,P",
        "AU:X,N,Y",
        "R:X,A,U,I",
        "V:X,D,C",
        "RE:X,L,M,H",
        "U:X,Clear,Green,Amber,Red");

    /// <summary>
    /// Scores <c>CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N</c>. False without the prefix, for an unknown or
    /// repeated metric and for a base metric left out.
    /// </summary>
    /// <param name="vector">The vector as written; metrics may stand in any order.</param>
    /// <param name="score">0.0 to 10.0, rounded to 0.1.</param>
    public static bool TryScore(string? vector, out float score)
    {
        score = 0;
        Span<int> chosen = stackalloc int[Grammar.MetricCount];
        if (vector is null
            || !vector.StartsWith(Prefix, StringComparison.Ordinal)
            || !Grammar.TryRead(vector.AsSpan(Prefix.Length), chosen))
        {
            return false;
        }

        score = Score(CvssV4Levels.Of(chosen));
        return true;
    }

    private static float Score(CvssV4Levels levels)
    {
        if (levels.HasNoImpact)
        {
            return 0;
        }

        (int eq1, int eq2, int eq3, int eq4, int eq5, int eq6) = levels.EquivalenceSets();
        double worst = CvssV4MacroVectors.ScoreOf(eq1, eq2, eq3, eq4, eq5, eq6)
            ?? throw new InvalidOperationException($"CVSS 4.0 has no macro vector {eq1}{eq2}{eq3}{eq4}{eq5}{eq6}.");

        var drop = new MeanDrop(worst);
        drop.Add(CvssV4MacroVectors.ScoreOf(eq1 + 1, eq2, eq3, eq4, eq5, eq6), levels.ShareOfEq1(eq1));
        drop.Add(CvssV4MacroVectors.ScoreOf(eq1, eq2 + 1, eq3, eq4, eq5, eq6), levels.ShareOfEq2(eq2));
        drop.Add(NextOfEq3AndEq6(eq1, eq2, eq3, eq4, eq5, eq6), levels.ShareOfEq3AndEq6(eq3, eq6));
        drop.Add(CvssV4MacroVectors.ScoreOf(eq1, eq2, eq3, eq4 + 1, eq5, eq6), levels.ShareOfEq4(eq4));

        // EQ5 has one metric, hence no vector between two of its levels.
        drop.Add(CvssV4MacroVectors.ScoreOf(eq1, eq2, eq3, eq4, eq5 + 1, eq6), 0);

        // The nudge keeps a half a half where binary fractions fall short of it, as the reference calculator does.
        double score = Math.Clamp(worst - drop.Mean, 0, 10);
        return (float)(Math.Floor(((score + 0.000_001) * 10) + 0.5) / 10);
    }

    // EQ3 and EQ6 are not independent. From 00 there are two ways down; the higher score is the nearer one.
    private static double? NextOfEq3AndEq6(int eq1, int eq2, int eq3, int eq4, int eq5, int eq6)
    {
        double? lessOfEq3 = CvssV4MacroVectors.ScoreOf(eq1, eq2, eq3 + 1, eq4, eq5, eq6);
        double? lessOfEq6 = CvssV4MacroVectors.ScoreOf(eq1, eq2, eq3, eq4, eq5, eq6 + 1);
        return (eq3, eq6) switch
        {
            (0, 0) => Math.Max(lessOfEq3!.Value, lessOfEq6!.Value),
            (1, 0) => lessOfEq6,
            _ => lessOfEq3,
        };
    }

    /// <summary>The mean, over the equivalence sets that have a lower macro vector, of the way gone towards it.</summary>
    private struct MeanDrop(double worst)
    {
        private double _sum;
        private int _count;

        public readonly double Mean => _count == 0 ? 0 : _sum / _count;

        public void Add(double? next, double share)
        {
            if (next is { } lower)
            {
                _sum += (worst - lower) * share;
                _count++;
            }
        }
    }
}
