/**
 * Passwords that are tried first, lower case, collected by hand: keyboard rows, counting, names, teams, films, words for
 * "password" in several languages. A longer list can be put in its place; the rules only ask `has`.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
password passw0rd p@ssword p@ssw0rd pass passwd admin administrator root toor guest test tester testing
letmein welcome welcome1 monkey dragon master shadow sunshine princess football baseball basketball soccer
hockey superman batman spiderman ironman starwars pokemon pikachu mustang ferrari porsche corvette harley
yamaha iloveyou ilovemyself loveyou lovely love forever whatever trustno1 qwerty qwertyuiop
qwertyuiopasdfghjklzxcvbnm asdfgh asdfghjkl asdfasdf zxcvbn zxcvbnm qazwsx qazwsxedc qazwsxedcrfv
qweasdzxc qweasd 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsx zaq1xsw2 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6
1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y qwer1234 qwerty123 qwerty12345 qwerty123456 asdf1234 asdf zxcv1234 azerty
azertyuiop 123 1234 12345 123456 1234567 12345678 123456789 1234567890 12345678910 123456789012 0123456789
0987654321 987654321 87654321 7654321 654321 54321 4321 123123 123123123 112233 11223344 1122334455 121212
123321 1234321 123454321 147258369 159357 159753 741852963 789456123 963852741 111111 222222 333333 444444
555555 666666 777777 888888 999999 000000 abc123 abcd1234 abcdef abcdefg abcdefgh abcdefghijkl
abcdefghijklmnop abcdefghijklmnopqrstuvwxyz a1b2c3 a1b2c3d4 a1b2c3d4e5f6 abcabc aaaaaa changeme changeit
change secret secrets topsecret default login logmein access user username computer internet server system
oracle mysql postgres postgresql redis docker kubernetes vagrant ubuntu debian windows microsoft apple
google facebook twitter instagram linkedin github gitlab amazon netflix samsung nokia michael jennifer
jordan hunter buster thomas robert daniel andrew joshua matthew anthony charlie george michelle jessica
ashley amanda nicole hannah samantha elizabeth alexander william benjamin christopher patrick victoria
maggie ginger pepper cookie chocolate cheese banana orange summer winter spring autumn january february
march april june july august september october november december monday tuesday wednesday thursday friday
saturday sunday killer ranger thunder tigger tiger lion eagle eagles falcon phoenix panther cowboy cowboys
yankees lakers chelsea arsenal liverpool barcelona realmadrid manchester juventus bayern steelers packers
patriots redsox bulls warriors freedom peace heaven angel angels jesus jesuschrist christ god bible
blessed faith hope happy smile purple silver golden diamond flower butterfly rainbow sweetheart babygirl
babyboy baby honey darling sexy hottie playboy cocacola pepsi marlboro jackdaniels budweiser london paris
newyork chicago texas dallas boston america american canada australia england germany deutschland france
italia espana mexico brasil brazil india pakistan china japan russia matrix gandalf frodo hobbit
lordoftherings harrypotter hogwarts voldemort dumbledore skywalker vader darthvader yoda startrek
enterprise voyager merlin camelot excalibur wizard magic ninja samurai warrior knight pirate zombie
vampire ghost demon devil satan lucifer nintendo playstation xbox minecraft fortnite roblox callofduty
counterstrike warcraft worldofwarcraft leagueoflegends diablo starcraft halo zelda mario sonic
correcthorsebatterystaple correct horse battery staple correct-horse-battery-staple batterystaple
thisismypassword mypassword mypasswordis thepassword yourpassword newpassword oldpassword passwordpassword
password1 password12 password123 password1234 password12345 password123456 adminadmin admin123 admin1234
admin12345 administrator1 rootroot root123 rootpassword adminpassword userpassword user123 guest123
test123 test1234 test12345 testtest testpassword letmein123 letmeinnow letmeinplease welcome123
welcome1234 welcometo iloveyou123 iloveyouforever iloveyousomuch iloveyoubaby ihateyou idontknow idontcare
idontremember iforgot donotenter nothing nothing123 whoknows opensesame openseasame abracadabra sluice
sluicesluice sluicepassword gateway apikey apitoken bearer token accesstoken refreshtoken dummytoken
example examplepassword sample demo demo123 demodemo temporary temppassword temp temp123 temp1234 pass123
pass1234 pass12345 company company123 office manager service support helpdesk sysadmin webmaster developer
developers production staging development superman123 batman123 dragon123 monkey123 shadow123 master123
football123 baseball123 princess123 sunshine123 michael123 charlie123 jordan23 lovelove loveme loveyou123
hello hello123 helloworld hellohello hellokitty goodmorning goodnight goodluck qwertyqwerty asdfasdfasdf
zxcvbnmzxcvbnm poiuytrewq lkjhgfdsa mnbvcxz qwertz qwertzuiop 1qazxsw2 zse45rdx xsw21qaz motdepasse
contrasena contraseña passwort kennwort schatz hallo hallo123 bonjour soleil doudou azerty123 senha
senha123 teamo tequiero amor mariposa princesa estrella parola haslo lozinka wachtwoord sifre parol kata
sandi katasandi mima woaini5201314 5201314 1314520 iloveyou520
`
    .trim()
    .split(/\s+/),
)
