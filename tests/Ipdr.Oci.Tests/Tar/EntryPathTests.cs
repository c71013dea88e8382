using CsCheck;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class EntryPathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a/b/c", "a/b/c")]
    [InlineData("./a", "a")]
    [InlineData("././a", "a")]
    [InlineData("a//b", "a/b")]
    [InlineData("a/./b", "a/b")]
    [InlineData("a/b/", "a/b")]
    [InlineData("a/.", "a")]
    [InlineData("...", "...")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData("a b\nc", "a b\nc")]
    [InlineData("sha256:abc", "sha256:abc")]
    [InlineData("x/C:", "x/C:")]
    [InlineData("back\\slash", "back\\slash")]
    public void A_name_is_normalised(string name, string expected)
    {
        Assert.True(EntryPath.TryParse(name, out EntryPath path, out EntryPathFault reason));
        Assert.Equal((expected, EntryPathFault.None, false), (path.ToString(), reason, path.IsRoot));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("./")]
    [InlineData(".//./")]
    public void The_root_of_an_archive_is_a_path(string name)
    {
        Assert.True(EntryPath.TryParse(name, out EntryPath path, out _));
        Assert.True(path.IsRoot);
        Assert.Equal(default, path);
        Assert.Equal("", path.ToString());
    }

    [Theory]
    [InlineData(null, EntryPathFault.Empty)]
    [InlineData("", EntryPathFault.Empty)]
    [InlineData("a\0b", EntryPathFault.Nul)]
    [InlineData("/", EntryPathFault.Absolute)]
    [InlineData("/etc/passwd", EntryPathFault.Absolute)]
    [InlineData("\\windows", EntryPathFault.Absolute)]
    [InlineData("./\\windows", EntryPathFault.Absolute)]
    [InlineData("\\\\server\\share", EntryPathFault.Absolute)]
    [InlineData("C:", EntryPathFault.Drive)]
    [InlineData("c:/x", EntryPathFault.Drive)]
    [InlineData("C:x", EntryPathFault.Drive)]
    [InlineData("./C:\\x", EntryPathFault.Drive)]
    [InlineData("..", EntryPathFault.Climbs)]
    [InlineData("../a", EntryPathFault.Climbs)]
    [InlineData("a/../b", EntryPathFault.Climbs)]
    [InlineData("a/..", EntryPathFault.Climbs)]
    [InlineData("..\\a", EntryPathFault.Climbs)]
    [InlineData("a\\..\\..\\b", EntryPathFault.Climbs)]
    public void A_name_that_leads_anywhere_else_is_refused(string? name, EntryPathFault expected)
    {
        Assert.False(EntryPath.TryParse(name, out EntryPath path, out EntryPathFault reason));
        Assert.Equal((expected, default), (reason, path));
    }

    [Theory]
    [InlineData("a/link", "b", "a/b")]
    [InlineData("a/link", "../b/layer.tar", "b/layer.tar")]
    [InlineData("a/b/link", "../../c", "c")]
    [InlineData("a/b/link", "./x/../y", "a/b/y")]
    [InlineData("link", "b", "b")]
    [InlineData("a/link", "..", "")]
    [InlineData("a/link", ".", "a")]
    public void A_link_is_resolved_from_its_directory(string link, string target, string expected)
    {
        Assert.True(EntryPath.TryParse(link, out EntryPath path, out _));
        Assert.True(path.TryResolve(target, out EntryPath resolved, out EntryPathFault reason));
        Assert.Equal((expected, EntryPathFault.None), (resolved.ToString(), reason));
    }

    [Theory]
    [InlineData("a/link", "", EntryPathFault.Empty)]
    [InlineData("a/link", "/etc/passwd", EntryPathFault.Absolute)]
    [InlineData("a/link", "../../b", EntryPathFault.Climbs)]
    [InlineData("a/link", "../../a/b", EntryPathFault.Climbs)]
    [InlineData("link", "..", EntryPathFault.Climbs)]
    [InlineData("a/link", "x\\..\\..\\y", EntryPathFault.Climbs)]
    [InlineData("a/link", "../C:/x", EntryPathFault.Drive)]
    [InlineData("a/link", "../\\x", EntryPathFault.Absolute)]
    [InlineData("a/link", "x\0y", EntryPathFault.Nul)]
    public void A_link_that_leads_out_of_the_archive_is_refused(string link, string target, EntryPathFault expected)
    {
        Assert.True(EntryPath.TryParse(link, out EntryPath path, out _));
        Assert.False(path.TryResolve(target, out EntryPath resolved, out EntryPathFault reason));
        Assert.Equal((expected, default), (reason, resolved));
    }

    [Fact]
    public void Two_spellings_of_a_path_are_equal_and_case_matters()
    {
        Assert.Equal(Parse("./a//b/"), Parse("a/b"));
        Assert.NotEqual(Parse("A"), Parse("a"));
    }

    [Fact]
    public void A_parsed_path_parses_to_itself_and_stays_below_any_directory_it_is_joined_to() => Gen.Char["ab./\\:C\0 ~"].Array[0, 12]
        .Sample(letters =>
        {
            if (!EntryPath.TryParse(new string(letters), out EntryPath path, out _) || path.IsRoot)
                return true;
            string root = Path.GetFullPath("some-root") + Path.DirectorySeparatorChar;
            string separatedByBackslashes = path.ToString().Replace('\\', '/');
            return Parse(path.ToString()) == path
                && Path.GetFullPath(Path.Combine(root, path.ToString())).StartsWith(root, StringComparison.Ordinal)
                && Path.GetFullPath(Path.Combine(root, separatedByBackslashes)).StartsWith(root[..^1], StringComparison.Ordinal);
        });

    private static EntryPath Parse(string name)
    {
        Assert.True(EntryPath.TryParse(name, out EntryPath path, out _));
        return path;
    }
}
