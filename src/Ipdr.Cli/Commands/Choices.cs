using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Commands;

/// <summary>Options whose values are words or parsed things; a wrong one is told with what would be right.</summary>
internal static class Choices
{
    /// <summary>One of several words; the first, whose value is the type's default, is what no option means.</summary>
    /// <remarks>No default value is given to the parser: the help would print it a second time, by its name in the code.</remarks>
    public static Option<T> Option<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        Option<T> option = new(name)
        {
            Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}. Default: {choices[0].Word}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Choose(result, choices),
        };
        Suggest(option.CompletionSources, choices);
        return option;
    }

    /// <summary>One of several words, or none.</summary>
    public static Option<T?> OptionalOption<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        Option<T?> option = new(name)
        {
            Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Choose(result, choices),
        };
        Suggest(option.CompletionSources, choices);
        return option;
    }

    /// <summary>One of several things that have names, or none.</summary>
    public static Option<T?> Named<T>(string name, string description, IEnumerable<T> things, Func<T, string> nameOf)
        where T : class
    {
        (string Word, T Value)[] choices = [.. things.Select(thing => (nameOf(thing), thing))];
        Option<T?> option = new(name)
        {
            Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Choose(result, choices),
        };
        Suggest(option.CompletionSources, choices);
        return option;
    }

    /// <summary>An argument that is one of several words.</summary>
    public static Argument<T> Argument<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        Argument<T> argument = new(name) { Description = $"{description} One of: {string.Join(", ", choices.Select(choice => choice.Word))}.", CustomParser = result => Choose(result, choices) };
        Suggest(argument.CompletionSources, choices);
        return argument;
    }

    /// <summary>Any number of values, each read by its type.</summary>
    public static Option<T[]> Parsed<T>(string name, string description, string helpName)
        where T : class, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Parse<T>(result, token.Value)).OfType<T>()],
        };

    /// <summary>A value that is read by its type, or none.</summary>
    public static Option<T?> ParsedValue<T>(string name, string description, string helpName)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                try
                {
                    return T.Parse(result.Tokens[^1].Value, null);
                }
                catch (Exception e) when (e is FormatException or IpdrException)
                {
                    result.AddError(e.Message);
                    return null;
                }
            },
        };

    /// <summary>Has the values of an option, which are kept as they are written, be readable.</summary>
    /// <param name="option">The option.</param>
    /// <param name="read">Reads a value, or throws an <see cref="IpdrException"/> with what is wrong with it.</param>
    public static Option<T> Readable<T>(this Option<T> option, Action<string> read)
    {
        option.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                try
                {
                    read(token.Value);
                }
                catch (IpdrException e)
                {
                    string value = e.Fault.What.Contains(token.Value, StringComparison.Ordinal) ? "" : $"\"{token.Value}\": ";
                    result.AddError($"{value}{e.Fault.What}. {e.Fault.Remedy.TrimEnd('.')}");
                }
            }
        });
        return option;
    }

    /// <summary>A whole number within bounds, or none.</summary>
    public static Option<T?> Number<T>(string name, string description, T min, T max, string helpName = "N")
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => ParseNumber(result, result.Tokens[^1].Value, min, max),
        };

    /// <summary>A whole number within bounds; null, and an error of the command line, if it is none.</summary>
    public static T? ParseNumber<T>(ArgumentResult result, string text, T min, T max)
        where T : struct, IBinaryInteger<T>
    {
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max)
            return value;
        result.AddError($"\"{text}\" is no number from {min} to {max}");
        return null;
    }

    /// <summary>A number of bytes, with K, M, G or T for powers of 1024.</summary>
    public static Option<long?> Size(string name, string description, long min = 1) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => ParseSize(result, result.Tokens[^1].Value, min),
    };

    private static long? ParseSize(ArgumentResult result, string text, long min)
    {
        int power = text.Length > 0 ? "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1 : 0;
        ReadOnlySpan<char> digits = power > 0 ? text.AsSpan(0, text.Length - 1) : text;
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count >= min && count <= long.MaxValue >> (10 * power))
            return count << (10 * power);
        result.AddError($"\"{text}\" is no size: it is written as a number of bytes, {(min > 0 ? $"at least {min}, " : "")}or with K, M, G or T behind it");
        return null;
    }

    // By itself the parser suggests the names of an enumeration as they are in the code.
    private static void Suggest<T>(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, (string Word, T Value)[] choices)
    {
        sources.Clear();
        sources.Add([.. choices.Select(choice => choice.Word)]);
    }

    private static T Choose<T>(ArgumentResult result, (string Word, T Value)[] choices)
    {
        string word = result.Tokens[^1].Value;
        foreach ((string known, T value) in choices)
        {
            if (known == word)
                return value;
        }
        result.AddError($"\"{word}\" is not one of {string.Join(", ", choices.Select(choice => choice.Word))}");
        return choices[0].Value;
    }

    /// <summary>A value that is read by its type; null, and an error of the command line, if it is none.</summary>
    public static T? Parse<T>(ArgumentResult result, string text)
        where T : class, IParsable<T>
    {
        try
        {
            return T.Parse(text, null);
        }
        catch (Exception e) when (e is FormatException or IpdrException)
        {
            result.AddError(e.Message);
            return null;
        }
    }
}
