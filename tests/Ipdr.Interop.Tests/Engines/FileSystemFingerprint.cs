using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
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
        (await tar.RunAsync(
        [
            "--create", "--file", scratch["all.tar"], "--directory", folder, "--sort=name", "--mtime=@0", "--numeric-owner", "--format=posix",
            "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--xattrs", "--xattrs-include=*",
            .. OfTheEngine.Select(name => $"--exclude=./{name}"), ".",
        ])).OrFail();
        ProgramResult listing = (await tar.RunAsync("--list", "--verbose", "--numeric-owner", "--quoting-style=escape", "--file", scratch["all.tar"])).OrFail();
        return $"{listing.Text}\n{await HashAsync(scratch["all.tar"])}";
    }

    // Entry by entry: in which order a file has its extended attributes is a matter of chance.
    private static async Task<string> HashAsync(string file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using FileStream all = File.OpenRead(file);
        await using TarReader reader = new(all);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            IEnumerable<string> attributes = entry is PaxTarEntry pax
                ? pax.ExtendedAttributes.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)
                : [];
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', [entry.Name, .. attributes, ""])));
            if (entry.DataStream is { } content)
                hash.AppendData(await SHA256.HashDataAsync(content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
