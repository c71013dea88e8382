using System.Security.Cryptography;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Engines;

/// <summary>Says in one text what a file system holds: a listing, and a hash over all of it.</summary>
/// <remarks>
/// GNU tar does the reading: names, kinds, modes, owners, hard links, devices, extended attributes and content count.
/// Times do not, since engines touch the folders they mount into.
/// </remarks>
internal static class FileSystemFingerprint
{
    /// <summary>What Docker puts into each container.</summary>
    private static readonly string[] OfTheEngine =
        [".dockerenv", "dev", "proc", "sys", "etc/hosts", "etc/hostname", "etc/resolv.conf", "etc/mtab"];

    public static async Task<string> OfFolderAsync(string folder)
    {
        using TemporaryFolder scratch = new();
        ExternalProgram tar = ExternalProgram.Require("tar");
        string[] what = ["--directory", folder, "--sort=name", "--mtime=@0", "--numeric-owner", "--format=posix", .. OfTheEngine.Select(name => $"--exclude=./{name}"), "."];
        (await tar.RunAsync(["--create", "--file", scratch["all.tar"], "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", .. what])).OrFail();
        (await tar.RunAsync(["--create", "--file", scratch["attributes.tar"], "--xattrs", "--xattrs-include=*", .. what])).OrFail();
        ProgramResult listing = (await tar.RunAsync("--list", "--verbose", "--numeric-owner", "--quoting-style=escape", "--file", scratch["all.tar"])).OrFail();
        await using FileStream all = File.OpenRead(scratch["all.tar"]);
        string content = Convert.ToHexStringLower(await SHA256.HashDataAsync(all));
        return $"{listing.Text}\n{content}\n{ExtendedAttributes.Of(await File.ReadAllBytesAsync(scratch["attributes.tar"]))}";
    }

    public static async Task<string> OfTarAsync(string file)
    {
        using TemporaryFolder folder = new();
        (await ExternalProgram.Require("tar").RunAsync(
            "--extract", "--file", file, "--directory", folder.Path, "--numeric-owner", "--preserve-permissions", "--xattrs", "--xattrs-include=*",
            "--delay-directory-restore")).OrFail();
        return await OfFolderAsync(folder.Path);
    }
}
