using CsCheck;
using ImageScan.Core.Inventory.Licenses;

namespace ImageScan.Core.Tests.Inventory.Licenses;

public sealed class LicenseTests
{
    [Theory]
    [InlineData("MIT")]
    [InlineData("mit", "MIT")]
    [InlineData(" MIT License ", "MIT")]
    [InlineData("The MIT License (MIT)", "MIT")]
    [InlineData("Expat", "MIT")]
    [InlineData("Apache 2.0", "Apache-2.0")]
    [InlineData("Apache 2", "Apache-2.0")]
    [InlineData("Apache License, Version 2.0", "Apache-2.0")]
    [InlineData("The Apache Software License, Version 2.0", "Apache-2.0")]
    [InlineData("ASL 2.0", "Apache-2.0")]
    [InlineData("BSD 3-Clause License", "BSD-3-Clause")]
    [InlineData("New BSD License", "BSD-3-Clause")]
    [InlineData("BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause")]
    [InlineData("BSD-3-clause", "BSD-3-Clause")]
    [InlineData("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0")]
    [InlineData("MPLv2.0", "MPL-2.0")]
    [InlineData("ZPLv2.1", "ZPL-2.1")]
    [InlineData("zlib", "Zlib")]
    [InlineData("The Unlicense (Unlicense)", "Unlicense")]
    [InlineData("License :: OSI Approved :: ISC License (ISCL)", "ISC")]
    [InlineData("License :: OSI Approved :: Python Software Foundation License", "PSF-2.0")]
    [InlineData("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0")]
    [InlineData("https://licenses.nuget.org/MIT", "MIT")]
    public void KnowsOneLicenceByItsNames(string stated, string? id = null)
    {
        License license = License.Of(stated)!;

        Assert.Equal((id ?? stated, LicenseForm.Id), (license.Name, license.Form));
        Assert.Equal($"https://spdx.org/licenses/{id ?? stated}.html", license.Url);
    }

    [Fact]
    public void StatesANameThatIsTooLongAsItIs()
    {
        string stated = "MIT " + new string('.', 300);

        Assert.Equal((stated, LicenseForm.Stated), (License.Of(stated)!.Name, License.Of(stated)!.Form));
    }

    [Theory]
    [InlineData("MIT++")]
    [InlineData("MIT++++")]
    public void KnowsNothingLaterThanLater(string stated) => Assert.Equal(LicenseForm.Stated, License.Of(stated)!.Form);

    [Fact]
    public void ReadsBlanksOfAnyNumberAsOne() => Assert.Equal("GPL-2.0-or-later OR MIT", License.Of("GPL  2  or \t later   or   MIT")!.Name);

    [Theory]
    [InlineData("GPL-2+", "GPL-2.0-or-later")]
    [InlineData("GPLv2+", "GPL-2.0-or-later")]
    [InlineData("GPLv2", "GPL-2.0-only")]
    [InlineData("GPL-2.0", "GPL-2.0-only")]
    [InlineData("GPL-2.0+", "GPL-2.0-or-later")]
    [InlineData("GPL v3", "GPL-3.0-only")]
    [InlineData("GPL+", "GPL-1.0-or-later")]
    [InlineData("GPL version 2 or any later version", "GPL-2.0-or-later")]
    [InlineData("GPL (>= 2)", "GPL-2.0-or-later")]
    [InlineData("LGPL (>= 2.1)", "LGPL-2.1-or-later")]
    [InlineData("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later")]
    [InlineData("GNU Lesser General Public License, version 2.1", "LGPL-2.1-only")]
    [InlineData("License :: OSI Approved :: GNU Library or Lesser General Public License (LGPLv2+)", "LGPL-2.0-or-later")]
    [InlineData("LGPLv2+", "LGPL-2.0-or-later")]
    [InlineData("LGPL-2.1+", "LGPL-2.1-or-later")]
    [InlineData("AGPLv3+", "AGPL-3.0-or-later")]
    [InlineData("GFDL-1.3+", "GFDL-1.3-or-later")]
    [InlineData("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later")]
    public void KnowsTheFamilyOfGnuInEverySpelling(string stated, string id) =>
        Assert.Equal((id, LicenseForm.Id), (License.Of(stated)!.Name, License.Of(stated)!.Form));

    [Theory]
    [InlineData("(MIT OR Apache-2.0)", "MIT OR Apache-2.0")]
    [InlineData("GPLv2+ and LGPLv2+ and MIT", "GPL-2.0-or-later AND LGPL-2.0-or-later AND MIT")]
    [InlineData("MIT and (GPLv2 or ISC)", "MIT AND (GPL-2.0-only OR ISC)")]
    [InlineData("MIT or GPLv2 and ISC", "MIT OR GPL-2.0-only AND ISC")]
    [InlineData("((MIT) or ((ISC or MIT)))", "MIT OR ISC")]
    [InlineData("GPL-2+ or ISC, and BSD-3-clause", "(GPL-2.0-or-later OR ISC) AND BSD-3-Clause")]
    [InlineData("GPL+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl")]
    [InlineData("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0")]
    [InlineData("gpl-2.0-or-later with classpath-exception-2.0 or mit", "GPL-2.0-or-later WITH Classpath-exception-2.0 OR MIT")]
    [InlineData("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception")]
    [InlineData("GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only")]
    [InlineData("GPL (>= 3)|MIT + file LICENSE", "GPL-3.0-or-later OR MIT")]
    [InlineData("Apache-2.0+", "Apache-2.0+")]
    [InlineData("GNU GPL version 2 or later and Mozilla Public License 2.0", "GPL-2.0-or-later AND MPL-2.0")]
    public void ReadsExpressions(string stated, string expression) =>
        Assert.Equal((expression, LicenseForm.Expression), (License.Of(stated)!.Name, License.Of(stated)!.Form));

    [Fact]
    public void PointsAtThePageOfALicenceOnlyWhereThereIsOne()
    {
        Assert.Equal("https://spdx.org/licenses/Apache-2.0.html", License.Of("Apache-2.0 WITH LLVM-exception")!.Url);
        Assert.Equal("https://spdx.org/licenses/Apache-2.0.html", License.Of("Apache-2.0+")!.Url);
        Assert.Equal("", License.Of("MIT OR Apache-2.0")!.Url);
        Assert.Equal("", License.Of("http://evil.example/licence")!.Url);
    }

    // A guess would be a claim about somebody's rights.
    [Theory]
    [InlineData("BSD")]
    [InlineData("BSD License")]
    [InlineData("GPL")]
    [InlineData("License :: OSI Approved :: Apache Software License")]
    [InlineData("Public Domain")]
    [InlineData("UNLICENSED")]
    [InlineData("SEE LICENSE IN LICENSE.md")]
    [InlineData("MIT OR SomethingElse")]
    [InlineData("LicenseRef-Fedora-Public-Domain")]
    [InlineData("MIT WITH ISC")]
    [InlineData("MIT AND")]
    [InlineData("MIT (modified)")]
    [InlineData("GPL (< 3)")]
    [InlineData("GPL (>= 2, < 3)")]
    [InlineData("MIT || ISC")]
    [InlineData("GPLv2 (GPLv2+)")]
    [InlineData("MIT AND (ISC")]
    [InlineData("()")]
    [InlineData("AND")]
    [InlineData("MIT, ISC")]
    [InlineData("MIT WITH")]
    [InlineData("Classpath exception")]
    [InlineData("GPL-9.0")]
    [InlineData("https://evil.example/licenses/MIT")]
    [InlineData("javascript:alert(1)")]
    [InlineData("license")]
    [InlineData("+")]
    public void LeavesWhatCouldBeSeveralOrNoneAsItIsStated(string stated) =>
        Assert.Equal(new License(stated, LicenseForm.Stated, ""), License.Of(stated));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("UNKNOWN")]
    [InlineData("NOASSERTION")]
    public void IsNoneWhereNoneIsStated(string? stated) => Assert.Null(License.Of(stated));

    [Fact]
    public void CutsTextsOfLicencesBetweenCharacters()
    {
        string text = string.Concat(Enumerable.Repeat("\U0001F600", 5000));

        License license = License.Of("x" + text)!;

        Assert.Equal((LicenseForm.Stated, 500), (license.Form, license.Name.Length));
        Assert.EndsWith("\U0001F600…", license.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void KnowsEveryIdOfTheListAndEveryNameThatIsOneLicences()
    {
        foreach ((string id, string name) in LicenseNames.All)
        {
            string byId = License.Of(id)!.Name;
            string byName = License.Of(name)!.Name;

            // SPDX replaced some of its ids.
            Assert.True(byId == id || IsReplaced(id, byId), $"{id} became {byId}");
            Assert.True(byName == byId || byName == name, $"{name} of {id} became {byName}");
        }

        static bool IsReplaced(string id, string by) =>
            by == $"{id}-only" || by == $"{id.TrimEnd('+')}-or-later" || (id.Contains("-with-", StringComparison.Ordinal) && by.Contains("-only WITH ", StringComparison.Ordinal));
    }

    [Fact]
    public void HasNoAliasThatLeadsNowhere() => Assert.All(
        LicenseNames.Spellings.Aliases,
        alias => Assert.True(LicenseNames.FindException(alias.Key) == alias.Value || License.Of(alias.Key) is { Form: not LicenseForm.Stated }, alias.Key));

    [Fact]
    public void WritesWhatItReadsAgain()
    {
        string[] words = ["MIT", "gplv2+", "Apache 2.0", "AND", "or", "WITH", "Classpath-exception-2.0", "(", ")", ",", "+", "x", "GPL+ or Artistic"];

        Gen.Int[0, words.Length - 1].Select(at => words[at]).List[1, 12].Sample(
            chosen =>
            {
                License license = License.Of(string.Join(' ', chosen))!;

                Assert.Equal(license.Name, License.Of(license.Name)!.Name);
                Assert.Equal(license.Form, License.Of(license.Name)!.Form);
            },
            iter: 2000);
    }

    [Fact]
    public void EndsSoonForAnyText()
    {
        string[] hostile =
        [
            new('(', 1_000_000),
            string.Concat(Enumerable.Repeat("( ", 900)),
            string.Concat(Enumerable.Repeat("MIT or ", 280)),
            string.Concat(Enumerable.Repeat("or later ", 200)),
            string.Concat(Enumerable.Repeat(" or any ", 240)),
            new string('v', 1990) + "2",
            "a" + new string(',', 1990),
            "\ud800(\udfff) :: :// \0",
        ];

        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (string text in hostile)
        {
            Assert.NotNull(License.Of(text));
        }

        Gen.String.Sample(text => { License.Of(text); }, iter: 500);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
