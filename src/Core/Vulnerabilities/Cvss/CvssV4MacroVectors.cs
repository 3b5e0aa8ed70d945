namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>
/// The scores FIRST's experts gave to the macro vectors of CVSS 4.0 (https://www.first.org/cvss/v4.0/specification-document, section 8.2).
/// Figures from cvss_lookup.js of the reference calculator, copyright FIRST.ORG, Red Hat and contributors, BSD-2-Clause:
/// https://github.com/RedHatProductSecurity/cvss-v4-calculator.
/// </summary>
internal static class CvssV4MacroVectors
{
    private const byte None = 255;

    // Tenths. A row is EQ1, EQ2, EQ3; in it EQ4, then EQ5, then EQ6 counts up. No vector has EQ3 = 2 with EQ6 = 0.
    private static ReadOnlySpan<byte> Tenths =>
    [
        // 000
        100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68,
        // 001
        98, 95, 95, 92, 90, 84, 93, 92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48,
        // 002
        None, 92, None, 82, None, 72, None, 79, None, 69, None, 50, None, 69, None, 55, None, 27,
        // 010
        99, 97, 95, 92, 92, 85, 95, 91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53,
        // 011
        95, 93, 92, 85, 85, 73, 92, 82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30,
        // 012
        None, 86, None, 75, None, 52, None, 71, None, 52, None, 29, None, 63, None, 29, None, 17,
        // 100
        98, 95, 94, 87, 91, 81, 94, 89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49,
        // 101
        94, 89, 88, 77, 76, 67, 86, 76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25,
        // 102
        None, 83, None, 70, None, 54, None, 65, None, 58, None, 26, None, 53, None, 21, None, 13,
        // 110
        95, 90, 88, 76, 76, 70, 90, 77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30,
        // 111
        89, 78, 76, 67, 62, 58, 74, 59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16,
        // 112
        None, 71, None, 59, None, 30, None, 58, None, 26, None, 15, None, 23, None, 13, None, 6,
        // 200
        93, 87, 86, 72, 75, 58, 86, 74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22,
        // 201
        85, 75, 74, 55, 62, 51, 72, 57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8,
        // 202
        None, 64, None, 51, None, 20, None, 47, None, 21, None, 11, None, 24, None, 9, None, 4,
        // 210
        88, 75, 73, 53, 60, 50, 73, 55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11,
        // 211
        75, 55, 58, 45, 40, 21, 61, 51, 48, 18, 20, 9, 46, 18, 17, 7, 8, 2,
        // 212
        None, 53, None, 24, None, 14, None, 24, None, 12, None, 5, None, 10, None, 3, None, 1,
    ];

    /// <summary>The score of a macro vector; null if there is none such.</summary>
    public static double? ScoreOf(int eq1, int eq2, int eq3, int eq4, int eq5, int eq6)
    {
        if (eq1 > 2 || eq2 > 1 || eq3 > 2 || eq4 > 2 || eq5 > 2 || eq6 > 1)
        {
            return null;
        }

        byte tenths = Tenths[(((((((((eq1 * 2) + eq2) * 3) + eq3) * 3) + eq4) * 3) + eq5) * 2) + eq6];
        return tenths == None ? null : tenths / 10.0;
    }
}
