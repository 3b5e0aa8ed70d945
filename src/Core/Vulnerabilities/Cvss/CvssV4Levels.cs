namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>
/// The metrics of a CVSS 4.0 vector as they count: modified metrics in place of base metrics, defaults filled in. A level is how many
/// steps a metric is below its worst value. Depths and worst vectors: sections 8.2 and 8.3 of the specification, max_composed.js and
/// max_severity.js of the reference calculator (see <see cref="CvssV4MacroVectors"/>).
/// </summary>
internal readonly record struct CvssV4Levels
{
    private static readonly int[][][] WorstOfEq1 = [[[0, 0, 0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[3, 0, 0], [1, 1, 1]]];
    private static readonly int[][][] WorstOfEq2 = [[[0, 0]], [[1, 0], [0, 1]]];
    private static readonly int[][][] WorstOfEq4 = [[[1, 0, 0]], [[1, 1, 1]], [[2, 2, 2]]];
    private static readonly int[] DepthOfEq1 = [1, 4, 5];
    private static readonly int[] DepthOfEq2 = [1, 2];
    private static readonly int[] DepthOfEq4 = [6, 5, 4];

    // By EQ3 * 2 + EQ6: VC, VI, VA, CR, IR, AR. EQ3 = 2 with EQ6 = 0 cannot be.
    private static readonly int[][][] WorstOfEq3AndEq6 =
    [
        [[0, 0, 0, 0, 0, 0]],
        [[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]],
        [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]],
        [[1, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1], [0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1]],
        [],
        [[1, 1, 1, 0, 0, 0]],
    ];

    private static readonly int[] DepthOfEq3AndEq6 = [7, 6, 8, 8, 0, 10];

    private int AV { get; init; }

    private int AC { get; init; }

    private int AT { get; init; }

    private int PR { get; init; }

    private int UI { get; init; }

    private int VC { get; init; }

    private int VI { get; init; }

    private int VA { get; init; }

    private int SC { get; init; }

    private int SI { get; init; }

    private int SA { get; init; }

    private int E { get; init; }

    private int CR { get; init; }

    private int IR { get; init; }

    private int AR { get; init; }

    /// <summary>Whether neither the vulnerable nor any later system is harmed: the score is 0 then.</summary>
    public bool HasNoImpact => VC == 2 && VI == 2 && VA == 2 && SC == 3 && SI == 3 && SA == 3;

    /// <summary>The levels of a vector read with the grammar of <see cref="CvssV4"/>, whose order of metrics this follows.</summary>
    public static CvssV4Levels Of(ReadOnlySpan<int> chosen) => new()
    {
        AV = Effective(chosen[0], chosen[11], 4),
        AC = Effective(chosen[1], chosen[12], 2),
        AT = Effective(chosen[2], chosen[13], 2),
        PR = Effective(chosen[3], chosen[14], 3),
        UI = Effective(chosen[4], chosen[15], 3),
        VC = Effective(chosen[5], chosen[16], 3),
        VI = Effective(chosen[6], chosen[17], 3),
        VA = Effective(chosen[7], chosen[18], 3),

        // Level 0 of the later systems' metrics is Safety, which only MSI and MSA can say.
        SC = Effective(chosen[8], chosen[19], 3) + 1,
        SI = Effective(chosen[9] + 1, chosen[20], 4),
        SA = Effective(chosen[10] + 1, chosen[21], 4),

        // Not defined means the worst of these.
        E = Effective(0, chosen[22], 3),
        CR = Effective(0, chosen[23], 3),
        IR = Effective(0, chosen[24], 3),
        AR = Effective(0, chosen[25], 3),
    };

    /// <summary>The digits of the macro vector (tables 24 to 29 of the specification).</summary>
    public (int Eq1, int Eq2, int Eq3, int Eq4, int Eq5, int Eq6) EquivalenceSets()
    {
        int eq1 = (AV, PR, UI) switch
        {
            (0, 0, 0) => 0,
            ( < 3, _, _) when AV == 0 || PR == 0 || UI == 0 => 1,
            _ => 2,
        };
        int eq2 = (AC, AT) is (0, 0) ? 0 : 1;
        int eq3 = (VC, VI) is (0, 0) ? 0 : VC == 0 || VI == 0 || VA == 0 ? 1 : 2;
        int eq4 = SI == 0 || SA == 0 ? 0 : SC == 1 || SI == 1 || SA == 1 ? 1 : 2;
        int eq6 = (VC, CR) is (0, 0) || (VI, IR) is (0, 0) || (VA, AR) is (0, 0) ? 0 : 1;
        return (eq1, eq2, eq3, eq4, E, eq6);
    }

    /// <summary>How much of EQ1's depth lies between this vector and its EQ1's worst one: 0 for that. So for the others.</summary>
    public double ShareOfEq1(int eq1) => Share([AV, PR, UI], WorstOfEq1[eq1], DepthOfEq1[eq1]);

    public double ShareOfEq2(int eq2) => Share([AC, AT], WorstOfEq2[eq2], DepthOfEq2[eq2]);

    public double ShareOfEq3AndEq6(int eq3, int eq6) =>
        Share([VC, VI, VA, CR, IR, AR], WorstOfEq3AndEq6[(eq3 * 2) + eq6], DepthOfEq3AndEq6[(eq3 * 2) + eq6]);

    public double ShareOfEq4(int eq4) => Share([SC, SI, SA], WorstOfEq4[eq4], DepthOfEq4[eq4]);

    private static int Effective(int level, int modified, int notDefined) => modified < 0 || modified == notDefined ? level : modified;

    // Of several worst vectors the first that is nowhere better than this one counts.
    private static double Share(ReadOnlySpan<int> levels, int[][] worst, int depth)
    {
        foreach (int[] candidate in worst)
        {
            int steps = 0;
            int i = 0;
            for (; i < levels.Length && levels[i] >= candidate[i]; i++)
            {
                steps += levels[i] - candidate[i];
            }

            if (i == levels.Length)
            {
                return (double)steps / depth;
            }
        }

        return 0;
    }
}
