using System.Collections.Frozen;

namespace Dum.Mind.Words;

/// <summary>English words whose forms no stemmer brings together: went and go, children and child.</summary>
static class IrregularForms
{
    // form=word; both are stemmed afterwards
    const string Table =
        "went=go gone=go goes=go going=go bought=buy brought=bring thought=think taught=teach caught=catch sought=seek fought=fight " +
        "made=make took=take taken=take gave=give given=give came=come became=become saw=see seen=see found=find got=get gotten=get " +
        "met=meet left=leave felt=feel kept=keep slept=sleep lost=lose won=win told=tell said=say spoke=speak spoken=speak wrote=write written=write " +
        "read=read ate=eat eaten=eat drank=drink drunk=drink sang=sing sung=sing swam=swim ran=run began=begin begun=begin drove=drive driven=drive rode=ride ridden=ride " +
        "flew=fly flown=fly grew=grow grown=grow knew=know known=know threw=throw drew=draw drawn=draw wore=wear worn=wear chose=choose chosen=choose broke=break broken=break " +
        "sold=sell held=hold built=build sent=send spent=spend lent=lend bent=bend heard=hear led=lead fed=feed paid=pay laid=lay stood=stand understood=understand " +
        "sat=sit fell=fall fallen=fall hurt=hurt hid=hide hidden=hide shook=shake stole=steal stolen=steal woke=wake forgot=forget forgotten=forget forgave=forgive " +
        "bit=bite bitten=bite rose=rise risen=rise dealt=deal dreamt=dream learnt=learn meant=mean shot=shoot stuck=stick struck=strike swept=sweep tore=tear torn=tear " +
        "children=child men=man women=woman people=person feet=foot teeth=tooth mice=mouse geese=goose wives=wife lives=life knives=knife leaves=leaf shelves=shelf wolves=wolf " +
        "better=good best=good worse=bad worst=bad kids=child kid=child mum=mother mom=mother dad=father grandma=grandmother grandpa=grandfather";

    static readonly FrozenDictionary<string, string> s_all = Table.Split(' ').Select(p => p.Split('=')).ToFrozenDictionary(p => p[0], p => p[1]);
    static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_all.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Writes the plain form over a word where it has one; returns the new length.</summary>
    public static int Replace(Span<char> room, int length)
    {
        if (!s_lookup.TryGetValue(room[..length], out string? plain) || plain.Length > room.Length)
            return length;
        plain.CopyTo(room);
        return plain.Length;
    }
}
