using System.Diagnostics;
using ImageScan.Core.Signatures;
using ImageScan.Core.Signatures.Verification;

namespace ImageScan.Core.Tests.Signatures;

public sealed class IdentityPatternTests
{
    [Theory]
    [InlineData("dev", "my dev@example.com", true)]
    [InlineData("^dev@example\\.com$", "dev@example.com", true)]
    [InlineData("^dev@example\\.com$", "dev@example.com\n", false)]
    [InlineData("^dev@example\\.com$", "dev@exampleXcom", false)]
    [InlineData("^\\d+$", "٣", false)]
    [InlineData("^\\d+$", "3", true)]
    [InlineData("^[\\w.]+@example$", "é@example", false)]
    [InlineData("^[\\w.]+@example$", "a.b_1@example", true)]
    [InlineData("^\\W$", "é", true)]
    [InlineData("(?P<who>dev|ops)@example", "ops@example", true)]
    [InlineData("(?i)DEV", "dev", true)]
    [InlineData("^(?i:DEV)-(?-i:x)$", "dev-x", true)]
    [InlineData("^(?<who>dev|ops)(?:@)(?s-m:.)$", "ops@x", true)]
    [InlineData("^[(?#]$", "#", true)]
    [InlineData("^\\(?#$", "(#", true)]
    [InlineData("a\\/b\\-c\\]", "a/b-c]", true)]
    [InlineData("[\\-\\]]x", "]x", true)]
    [InlineData("\\Adev\\z", "dev", true)]
    public void MeansWhatRe2Means(string pattern, string text, bool expected) =>
        Assert.Equal(expected, IdentityPattern.Parse(pattern, "subject").IsIn(text));

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?#a)b")]
    [InlineData("(?x)a b")]
    [InlineData("(?n)(a)")]
    [InlineData("(?i-x:a b)")]
    [InlineData("(?'who'a)")]
    [InlineData("(?P'who'a)")]
    [InlineData("(?<a-b>c)")]
    [InlineData("(?<=a)b")]
    [InlineData("(?>a)")]
    [InlineData("(?(a)b|c)")]
    [InlineData("(?)a")]
    [InlineData("(a)\\1")]
    [InlineData("[[:alpha:]]")]
    [InlineData("[a-z-[aeiou]]")]
    [InlineData("[]a]")]
    [InlineData("\\pL")]
    [InlineData("\\Qa\\E")]
    [InlineData("(")]
    [InlineData("a\\")]
    [InlineData("[\\D]")]
    [InlineData("((a{1000}){1000}){1000}")]
    public void RefusesWhatItCannotDo(string pattern) => Assert.Equal(
        VerificationOutcome.Error,
        Assert.Throws<UnverifiedException>(() => IdentityPattern.Parse(pattern, "subject")).Outcome);

    [Fact]
    public void TakesNoLongTime()
    {
        IdentityPattern pattern = IdentityPattern.Parse("^(a+)+$", "subject");
        var watch = Stopwatch.StartNew();

        Assert.False(pattern.IsIn(new string('a', 50_000) + "b"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }
}
