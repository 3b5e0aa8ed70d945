using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Scans.Suppression;

public sealed class ExceptionNamesTests
{
    private static readonly DateTimeOffset November = new(2026, 11, 26, 23, 0, 0, TimeSpan.FromHours(-5));

    [Theory]
    [InlineData("ann archer", "AA")]
    [InlineData("Ann van der Archer", "AA")]
    [InlineData("  Ann   Baker ", "AB")]
    [InlineData("admin", "AA")]
    [InlineData("élan Ö", "ÉÖ")]
    [InlineData("ci-token", "CC")]
    [InlineData("", "SYS")]
    [InlineData("   ", "SYS")]
    [InlineData("\u202eevil \n", "__")]
    public void TakesTheInitialsOfWhoAsks(string name, string initials) => Assert.Equal(initials, ExceptionNames.InitialsOf(name));

    [Fact]
    public void CountsWithinAMonthOfUtc()
    {
        (string first, SuppressionLedger ledger) = ExceptionNames.Next(SuppressionLedger.Empty, "Ann Archer", November);
        (string second, ledger) = ExceptionNames.Next(ledger, "Bob", November);
        (string third, _) = ExceptionNames.Next(ledger, "Ann Archer", November.AddDays(5));

        Assert.Equal(("AA-261127-1", "BB-261127-2", "AA-261202-1"), (first, second, third));
    }

    [Fact]
    public void BeginsAnewInTheSameMonthOfAnotherYear()
    {
        (_, SuppressionLedger ledger) = ExceptionNames.Next(SuppressionLedger.Empty, "Ann", November);

        Assert.Equal("AA-271127-1", ExceptionNames.Next(ledger, "Ann", November.AddYears(1)).Name);
    }

    [Fact]
    public void GivesNoNumberOfLastMonthAgainWhereAClockIsBehind()
    {
        (_, SuppressionLedger december) = ExceptionNames.Next(SuppressionLedger.Empty, "Ann", November.AddDays(5));

        Assert.Equal("AA-261201-2", ExceptionNames.Next(december, "Ann", November).Name);
    }
}
