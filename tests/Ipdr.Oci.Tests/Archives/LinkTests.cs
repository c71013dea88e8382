using Ipdr.Oci.Archives;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Archives;

/// <summary>Names in an archive lead to files in it, through links, and never anywhere else.</summary>
public sealed class LinkTests
{
    private readonly ArchiveContents _contents = new(new ArchiveLimits());

    [Theory]
    [InlineData("a/layer.tar", TarEntryType.SymbolicLink, "../b/layer.tar")]
    [InlineData("a/layer.tar", TarEntryType.HardLink, "b/layer.tar")]
    [InlineData("./a//layer.tar", TarEntryType.SymbolicLink, "./../a/../b/./layer.tar")]
    public void A_link_leads_to_its_file_whichever_comes_first(string name, TarEntryType type, string target)
    {
        Add(name, type, target);
        ArchiveMember file = Add("b/layer.tar", TarEntryType.RegularFile);
        Assert.Same(file, _contents.Resolve("a/layer.tar", FaultCode.MissingLayer, out Fault? fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "/etc/passwd", FaultCode.BadLink)]
    [InlineData(TarEntryType.SymbolicLink, "../../etc/passwd", FaultCode.BadLink)]
    [InlineData(TarEntryType.HardLink, "../etc/passwd", FaultCode.BadLink)]
    [InlineData(TarEntryType.SymbolicLink, "absent", FaultCode.BadLink)]
    [InlineData(TarEntryType.SymbolicLink, "", FaultCode.BadLink)]
    [InlineData(TarEntryType.SymbolicLink, "layer.tar", FaultCode.LinkLoop)]
    [InlineData(TarEntryType.HardLink, "a/layer.tar", FaultCode.LinkLoop)]
    public void A_link_that_leads_nowhere_good_is_a_fault(TarEntryType type, string target, FaultCode code)
    {
        Add("a/layer.tar", type, target);
        Assert.Null(_contents.Resolve("a/layer.tar", FaultCode.MissingLayer, out Fault? fault));
        Assert.Equal(code, fault!.Code);
    }

    [Fact]
    public void Hops_are_bounded()
    {
        for (int i = 0; i < 100; i++)
            Add($"link-{i}", TarEntryType.SymbolicLink, $"link-{i + 1}");
        Add("link-100", TarEntryType.RegularFile);
        Assert.Null(_contents.Resolve("link-0", FaultCode.MissingLayer, out Fault? fault));
        Assert.Equal(FaultCode.LinkLoop, fault!.Code);
        Assert.NotNull(_contents.Resolve("link-70", FaultCode.MissingLayer, out _));
    }

    [Theory]
    [InlineData("../a", FaultCode.PathTraversal)]
    [InlineData("/a", FaultCode.PathTraversal)]
    [InlineData("", FaultCode.PathTraversal)]
    [InlineData("a\0b", FaultCode.PathTraversal)]
    [InlineData("absent", FaultCode.MissingConfig)]
    public void A_name_that_is_not_in_the_archive_is_a_fault(string name, FaultCode code)
    {
        Assert.Null(_contents.Resolve(name, FaultCode.MissingConfig, out Fault? fault));
        Assert.Equal(code, fault!.Code);
    }

    [Theory]
    [InlineData(TarEntryType.Directory)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public void Only_a_file_will_do(TarEntryType type)
    {
        Add("layer.tar", type);
        Assert.Null(_contents.Resolve("layer.tar", FaultCode.MissingLayer, out Fault? fault));
        Assert.Equal(FaultCode.NotAFile, fault!.Code);
    }

    [Fact]
    public void Members_are_bounded()
    {
        ArchiveContents contents = new(new ArchiveLimits { MaxMembers = 2 });
        contents.Add(Member("a", TarEntryType.RegularFile));
        contents.Add(Member("a", TarEntryType.RegularFile));
        Assert.Equal(FaultCode.Limit, Assert.Throws<IpdrException>(() => contents.Add(Member("c", TarEntryType.RegularFile))).Fault.Code);
    }

    private ArchiveMember Add(string name, TarEntryType type, string target = "") => _contents.Add(Member(name, type, target));

    private static ArchiveMember Member(string name, TarEntryType type, string target = "")
    {
        Assert.True(EntryPath.TryParse(name, out EntryPath path, out _));
        return new ArchiveMember(path, type, 0, 0) { LinkTarget = target };
    }
}
